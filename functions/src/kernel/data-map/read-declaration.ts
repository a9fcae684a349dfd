import type { EndAction, Keep } from "./declaration.js";
import {
  count,
  flag,
  isObject,
  list,
  needed,
  object,
  oneOf,
  optional,
  record,
  refuse,
  text,
  type Reader,
} from "./read-value.js";

/** The shape of a declaration, with every key and value it may have. */
const legalBasis = oneOf(
  "consent",
  "contract",
  "legal-obligation",
  "vital-interests",
  "public-task",
  "legitimate-interests",
);
const dataClass = oneOf("RED", "AMBER", "GREEN");
const endAction = oneOf("delete", "anonymise", "archive");
const regions = list(/^[A-Z]{2}$/, "EU or ISO 3166 country codes; leave the key out for anywhere");
const recipients = list(/\S/, 'who receives the data besides the controller, ["none"] when nobody does');

const keep = object({
  keep: needed(oneOf("expression", "legal-obligation", "public-health", "archiving", "legal-claims")),
  because: needed(text),
  days: needed(count),
});

const erase: Reader<EndAction | Partial<Keep>> = (value, at, tell) =>
  isObject(value) ? (keep(value, at, tell) as Partial<Keep>) : endAction(value, at, tell);

const retentionDays: Reader<number | "indefinite"> = (value, at, tell) =>
  value === "indefinite" || (typeof value === "number" && Number.isFinite(value) && value > 0)
    ? value
    : refuse(at, tell, 'must be a number of days over 0, or "indefinite"');

const retention = object({ days: needed(retentionDays), from: optional(text), then: needed(endAction) });

const dotted =
  (says: string): Reader<string> =>
  (value, at, tell) =>
    typeof value === "string" && /^[a-z]+(\.[a-z-]+)*$/.test(value) ? value : refuse(at, tell, says);

const level: Reader<2 | 3> = (value, at, tell) =>
  value === 2 || value === 3 ? value : refuse(at, tell, "must be 2 or 3; every live session has 1");

const yes: Reader<true> = (value, at, tell) =>
  value === true ? value : refuse(at, tell, "must be true; leave the key out otherwise");

const demand = object({
  assurance: optional(level),
  permission: optional(dotted("must be a permission, lower-case words joined by dots")),
  stepUp: optional(dotted("must be a scope, lower-case words joined by dots")),
  device: optional(yes),
});

const access = object({
  read: needed(oneOf("nobody", "subject", "signed-in", "public")),
  write: needed(oneOf("nobody", "subject")),
  operators: optional(
    oneOf(
      "accounts.read",
      "security.read",
      "security.respond",
      "privacy.operate",
      "audit.read",
      "admin.users",
      "admin.content",
      "admin.system",
    ),
  ),
  needs: optional(object({ read: optional(demand), write: optional(demand) })),
});

const SUBJECTS = {
  path: object({ by: needed(oneOf("path")), variable: needed(text) }),
  field: object({ by: needed(oneOf("field")), field: needed(text) }),
  array: object({ by: needed(oneOf("array")), field: needed(text) }),
  none: object({ by: needed(oneOf("none")) }),
};

/** A subject as far as it could be read. */
export interface LooseSubject {
  readonly by: keyof typeof SUBJECTS;
  readonly variable?: string | undefined;
  readonly field?: string | undefined;
}

const subjectBy =
  (...kinds: readonly LooseSubject["by"][]): Reader<LooseSubject> =>
  (value, at, tell) => {
    if (!isObject(value)) {
      refuse(at, tell, 'must be an object such as { by: "path", variable: "uid" }');
      return undefined;
    }
    const by = oneOf(...kinds)(value["by"], `${at}.by`, tell);
    return by === undefined ? undefined : (SUBJECTS[by](value, at, tell) as LooseSubject | undefined);
  };

const field = object({
  class: needed(dataClass),
  type: needed(oneOf("string", "number", "boolean", "timestamp", "map", "array", "bytes", "geopoint", "reference")),
  origin: needed(oneOf("given", "observed", "inferred")),
  stored: optional(oneOf("token", "plain")),
  lookup: optional(oneOf("email", "phone", "exact", "case-insensitive")),
  hardware: optional(flag),
  erase: optional(erase),
  thirdParty: optional(flag),
  sealed: optional(flag),
  note: optional(text),
});

/** Article 30's columns, which collections and folders share. */
const processing = {
  description: needed(text),
  purpose: needed(text),
  legalBasis: needed(legalBasis),
  retention: needed(retention),
  recipients: needed(recipients),
  regions: optional(regions),
  erase: needed(erase),
  access: needed(access),
};

const indexColumns = list(/^\w+( desc)?$/, 'fields in order, such as ["uid", "at desc"]');
const indexes: Reader<readonly (readonly string[])[]> = (value, at, tell) => {
  if (!Array.isArray(value)) {
    refuse(at, tell, 'must be a list of lists, such as [["uid", "at desc"]]');
    return undefined;
  }
  return value.map((index: unknown, place) => indexColumns(index, `${at}.${String(place)}`, tell) ?? []);
};

const collection = object({
  ...processing,
  database: optional(oneOf("keys")),
  path: needed(text),
  subject: needed(subjectBy("path", "field", "array", "none")),
  tokens: optional(oneOf("field", "document")),
  withheldUntil: optional(text),
  indexes: optional(indexes),
  fields: needed(record(field)),
});

const folder = object({
  ...processing,
  folder: needed(text),
  class: needed(dataClass),
  stored: optional(oneOf("token", "plain")),
  subject: needed(subjectBy("path", "none")),
  maxBytes: needed(count),
  contentTypes: needed(list(/^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]*)$/, "media types such as image/jpeg or image/*")),
});

export const readCollections = record(collection);
export const readFolders = record(folder);
export const readDeclaration = object({
  app: needed(text),
  controller: needed(object({ name: needed(text), contact: needed(text), dpo: optional(text) })),
  collections: needed(readCollections),
  folders: needed(readFolders),
  authRecord: needed(object({ purpose: needed(text), legalBasis: needed(legalBasis) })),
});

type Value<R> = R extends Reader<infer V> ? V : never;

/** A field, collection, folder as far as it could be read: anything may be missing. */
export type LooseField = Value<typeof field>;
export type LooseCollection = Value<typeof collection>;
export type LooseFolder = Value<typeof folder>;
