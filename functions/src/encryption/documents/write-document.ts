import type { Access } from "../../audit/index.js";
import type { Clock } from "../../kernel/time.js";
import { encryptionError } from "../errors.js";
import type { DocumentPlan, FieldPlan } from "../tokens/document-plan.js";
import type { OpenDeps } from "../tokens/open-document.js";
import { sealDocument, type SealDeps, type Values } from "../tokens/seal-document.js";
import type { DocumentChange, DocumentStore, StoredDocument } from "./document-store.js";
import { fromJson } from "./json-value.js";
import { isOwn, ownPlace, type Place } from "./own-document.js";
import { isBlob, resealDocument, tryReseal } from "./reseal-document.js";

export interface WriteDeps extends SealDeps, OpenDeps {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly recordAccess: (access: Access) => Promise<void>;
}

const TRIES = 4;

/**
 * Merges the given fields into the caller's own document, or makes it. Everything is checked, keyed and encrypted before the
 * one write; a document that changed meanwhile is looked at again. What the document has of older keys is encrypted again in
 * the same write.
 */
export const writeDocument = async (
  deps: WriteDeps,
  uid: string,
  request: Place & { readonly values: Readonly<Values> },
): Promise<{ created: boolean }> => {
  const { plan, path } = ownPlace(deps.dataMap(), uid, request);
  if (!takesWrites(plan)) throw encryptionError("collection-closed");
  const { values, remove } = readChange(deps, plan, uid, request.values);
  const first = await deps.documents.read(path);
  checkOwner(plan, uid, request, first);
  const sealed = await sealDocument(deps, { collection: plan.collection.name, path, subject: uid, values });
  await recordWrite(deps, plan, uid, [...Object.keys(values), ...remove]);
  let seen = first;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const change = await changeOf(deps, plan, { path, uid, values, sealed, remove, seen });
    if (isEmpty(change)) return { created: false };
    if (await deps.documents.write(path, change, seen)) return { created: seen === undefined };
    seen = await deps.documents.read(path);
    checkOwner(plan, uid, request, seen);
  }
  throw encryptionError("write-conflict");
};

// Where a collection has encrypted fields, `write: "nobody"` closes the rules only: ciphertext is made here. Where it has none,
// it means nobody.
const takesWrites = ({ collection }: DocumentPlan): boolean =>
  collection.access.write === "subject" || collection.encrypted.length > 0;

/** The call's JSON as values of the declared types; null removes. Only what the subject gives about themselves. */
const readChange = (deps: WriteDeps, plan: DocumentPlan, uid: string, json: Readonly<Values>) => {
  const values: Values = {};
  const remove: string[] = [];
  const by = plan.collection.subject;
  for (const [name, item] of Object.entries(json)) {
    const { field } = plan.fields.get(name) ?? unknownField(name);
    const isSubject = by.by === "field" && by.field === name;
    if (field.origin !== "given" || (isSubject && item !== uid)) throw notWritable(name);
    if (item === null) {
      remove.push(name);
      continue;
    }
    const value = fromJson(deps.natives, field.type, item);
    if (value === undefined) throw wrongType(field);
    values[name] = value;
  }
  return { values, remove };
};

/** A document that a field assigns may only be made where the subject itself gives that field. */
const checkOwner = (
  { collection, fields }: DocumentPlan,
  uid: string,
  { params }: Place,
  seen: StoredDocument | undefined,
) => {
  const by = collection.subject;
  if (seen !== undefined && !isOwn(collection, uid, { params, data: seen.data })) throw encryptionError("not-yours");
  if (seen === undefined && by.by === "field" && fields.get(by.field)?.field.origin !== "given") {
    throw encryptionError("not-found");
  }
};

interface Change {
  readonly path: string;
  readonly uid: string;
  readonly values: Values;
  readonly sealed: Values;
  readonly remove: readonly string[];
  readonly seen: StoredDocument | undefined;
}

const changeOf = async (deps: WriteDeps, plan: DocumentPlan, change: Change): Promise<DocumentChange> => {
  const { path, uid, values, sealed, remove, seen } = change;
  if (seen === undefined) return { set: newDocument(deps, plan, change), remove: [] };
  const resealing = { plan, path, subject: uid, data: seen.data, values, remove };
  if (isBlob(plan) && touchesTokens(plan, change)) return resealDocument(deps, resealing);
  const resealed = isOutdated(deps, plan, change) ? await tryReseal(deps, resealing) : undefined;
  if (resealed !== undefined) return resealed;
  const set = { ...sealed };
  for (const lowest of ["_ek", "_bk"]) {
    const before: unknown = seen.data[lowest];
    const now = set[lowest];
    if (typeof before === "number" && typeof now === "number") set[lowest] = Math.min(before, now);
  }
  return { set, remove };
};

const touchesTokens = ({ collection }: DocumentPlan, { values, remove }: Change): boolean =>
  collection.encrypted.some(({ name }) => Object.hasOwn(values, name) || remove.includes(name));

/** Whether the document has tokens or indexes of older keys than those of today. A write of plain fields asks no KMS for that. */
const isOutdated = (deps: WriteDeps, { fields, collection }: DocumentPlan, { uid, sealed, seen }: Change): boolean => {
  const held = () =>
    collection.encrypted
      .map(({ name }) => fields.get(name)?.keyClass)
      .map((keyClass) => keyClass && deps.dataKeys.cached.find(uid, keyClass, undefined)?.id)
      .find((id) => id !== undefined);
  const isLower = (mark: string, today: unknown) => {
    const stored: unknown = seen?.data[mark];
    return typeof stored === "number" && typeof today === "number" && stored < today;
  };
  return isLower("_ek", sealed["_ek"] ?? held()) || isLower("_bk", sealed["_bk"] ?? deps.indexRoot.held()?.version);
};

const newDocument = (deps: WriteDeps, { collection, fields }: DocumentPlan, { uid, sealed }: Change): Values => {
  const set = { ...sealed };
  const { subject, retention } = collection;
  if (subject.by === "field") set[subject.field] = uid;
  // Without the field that its time runs from, a document would be kept for ever.
  const from = fields.get(retention.from ?? "");
  if (from !== undefined && set[from.field.name] === undefined) set[from.field.name] = nowAs(deps, from);
  return set;
};

const nowAs = (deps: WriteDeps, { field }: FieldPlan): unknown => {
  const now = deps.clock();
  return field.type === "number" ? now : deps.natives.timestamp(Math.floor(now / 1_000), (now % 1_000) * 1_000_000);
};

const isEmpty = ({ set, remove }: DocumentChange): boolean => Object.keys(set).length + remove.length === 0;

const recordWrite = async (
  deps: WriteDeps,
  { collection, fields }: DocumentPlan,
  uid: string,
  names: readonly string[],
) => {
  const red = names.filter((name) => fields.get(name)?.field.class === "RED");
  if (red.length === 0) return;
  const { name, purpose, legalBasis } = collection;
  await deps.recordAccess({
    subject: uid,
    actor: "subject",
    collection: name,
    fields: red,
    purpose,
    legalBasis,
    action: "write",
  });
};

const unknownField = (name: string): never => {
  throw encryptionError("field-unknown", { details: { field: name.slice(0, 64) } });
};

const notWritable = (field: string) => encryptionError("field-not-writable", { details: { field } });

const wrongType = ({ name, type }: { name: string; type: string }) =>
  encryptionError("field-wrong-type", { details: { field: name, expected: type } });
