import { checkField, storedAs, type Owner } from "./check-field.js";
import { checkTemplate } from "./check-template.js";
import type { Tell } from "./fault.js";
import { segmentsOf, variablesOf } from "./paths.js";
import type { LooseCollection } from "./read-declaration.js";

/** Tells everything wrong with one collection that can be seen without the others. */
export const checkCollection = (at: string, collection: LooseCollection, owner: Owner, tell: Tell): void => {
  checkPath(at, collection, tell);
  checkSubject(at, collection, tell);
  checkRetention(at, collection, tell);
  checkIndexes(at, collection, tell);
  for (const { key, says, broken } of COLLECTION_FAULTS) if (broken(collection, owner)) tell(`${at}.${key}`, says);
  for (const [name, field] of Object.entries(collection.fields ?? {})) {
    checkField({ at: `${at}.fields.${name}`, name, field, collection, owner }, tell);
  }
};

const checkPath = (at: string, { path }: LooseCollection, tell: Tell): void => {
  if (path === undefined) return;
  checkTemplate(`${at}.path`, path, tell);
  const segments = segmentsOf(path);
  if (path.endsWith("/") || segments.length % 2 !== 0) {
    tell(`${at}.path`, "a document's path has an even number of segments and no / at its end, such as profiles/{uid}");
  }
  if (segments.some((segment, index) => index % 2 === 0 && segment.includes("{"))) {
    tell(`${at}.path`, "a collection's own name cannot be a variable; only document ids can, as in chats/{chat}");
  }
};

const checkSubject = (at: string, { path, subject, fields }: LooseCollection, tell: Tell): void => {
  if (subject?.variable !== undefined && path !== undefined && !variablesOf(path).includes(subject.variable)) {
    tell(`${at}.subject.variable`, `{${subject.variable}} is not in the path ${path}; name one of its variables`);
  }
  if (subject?.field === undefined || fields === undefined) return;
  const field = Object.hasOwn(fields, subject.field) ? fields[subject.field] : undefined;
  const where = `${at}.subject.field`;
  if (field === undefined) return void tell(where, `there is no field ${subject.field}; declare it under fields`);
  if (storedAs(field) === "token")
    tell(where, `${subject.field} is encrypted, so nobody's documents could be found; say stored: "plain"`);
  const type = subject.by === "array" ? "array" : "string";
  if (field.type !== undefined && field.type !== type) {
    tell(
      where,
      `${subject.field} must be of type ${type}: it holds ${type === "array" ? "account ids" : "an account id"}`,
    );
  }
};

const checkRetention = (at: string, { retention, fields }: LooseCollection, tell: Tell): void => {
  const where = `${at}.retention.from`;
  if (typeof retention?.days === "number" && retention.from === undefined) {
    return void tell(where, "say from which timestamp field the days run");
  }
  if (retention?.from === undefined || fields === undefined) return;
  const field = Object.hasOwn(fields, retention.from) ? fields[retention.from] : undefined;
  if (field === undefined) return void tell(where, `there is no field ${retention.from}; declare it under fields`);
  if (field.type !== undefined && field.type !== "timestamp" && field.type !== "number") {
    tell(where, `${retention.from} must be a timestamp, or a number of epoch milliseconds`);
  }
  if (storedAs(field) === "token")
    tell(where, `${retention.from} is encrypted, so nothing old could be found; say stored: "plain"`);
};

const checkIndexes = (at: string, { indexes, fields }: LooseCollection, tell: Tell): void => {
  for (const [place, columns] of (indexes ?? []).entries()) {
    for (const name of columns.map((column) => column.replace(/ desc$/, ""))) {
      const field = Object.hasOwn(fields ?? {}, name) ? fields?.[name] : undefined;
      const where = `${at}.indexes.${String(place)}`;
      if (field === undefined) tell(where, `there is no field ${name}; declare it under fields`);
      else if (storedAs(field) === "token")
        tell(where, `${name} is encrypted and has no order; say lookup on the field instead`);
    }
  }
};

interface CollectionFault {
  readonly key: string;
  readonly says: string;
  readonly broken: (collection: LooseCollection, owner: Owner) => boolean;
}

const COLLECTION_FAULTS: readonly CollectionFault[] = [
  {
    key: "withheldUntil",
    says: "is for Firekeep's own collections, and names a plain field of type number",
    broken: ({ withheldUntil, fields }, owner) => {
      if (withheldUntil === undefined) return false;
      const field = fields?.[withheldUntil];
      return owner === "app" || field?.type !== "number" || storedAs(field) === "token";
    },
  },
  {
    key: "erase",
    says: "the path names the subject, so anonymised documents would still be theirs; delete, or keep with a reason",
    broken: ({ erase, subject }) => erase === "anonymise" && subject?.by === "path",
  },
  {
    key: "retention.then",
    says: "the path names the subject, so anonymised documents would still be theirs; delete or archive",
    broken: ({ retention, subject }) => retention?.then === "anonymise" && subject?.by === "path",
  },
  {
    key: "access.read",
    says: "there is no subject to read it; say who the documents are about, or who else may read",
    broken: ({ access, subject }) => access?.read === "subject" && subject?.by === "none",
  },
  {
    key: "access.write",
    says: "one person must own what a client writes; give the collection a subject by path or by field, or write by function",
    broken: ({ access, subject }) => access?.write === "subject" && (subject?.by === "none" || subject?.by === "array"),
  },
  {
    key: "access.needs.read",
    says: "there is no reader in a session to demand it of; say read by subject or signed-in",
    broken: ({ access }) => access?.needs?.read !== undefined && (access.read === "nobody" || access.read === "public"),
  },
  {
    key: "access.needs.write",
    says: "no client writes it",
    broken: ({ access }) => access?.needs?.write !== undefined && access.write === "nobody",
  },
  {
    key: "access.needs",
    says: "encrypted fields go through the document functions, which demand no more than a live session; use a callable of yours",
    broken: ({ access, fields }, owner) =>
      owner === "app" &&
      access?.needs !== undefined &&
      Object.values(fields ?? {}).some((field) => storedAs(field) === "token"),
  },
  {
    key: "tokens",
    says: "no field is encrypted; leave it out",
    broken: ({ tokens, fields }) =>
      tokens === "document" &&
      fields !== undefined &&
      !Object.values(fields).some((field) => storedAs(field) === "token"),
  },
  {
    key: "recipients",
    says: '"none" stands alone',
    broken: ({ recipients }) => recipients !== undefined && recipients.length > 1 && recipients.includes("none"),
  },
  {
    key: "database",
    says: "the database of keys is Firekeep's own; leave the key out",
    broken: ({ database }, owner) => database === "keys" && owner === "app",
  },
  {
    key: "access",
    says: "clients never reach the database of keys; nobody reads, nobody writes",
    broken: ({ database, access }) => database === "keys" && (access?.read !== "nobody" || access.write !== "nobody"),
  },
  {
    key: "fields",
    says: "a collection without fields hides what it holds; declare them",
    broken: ({ fields }) => fields !== undefined && Object.keys(fields).length === 0,
  },
];
