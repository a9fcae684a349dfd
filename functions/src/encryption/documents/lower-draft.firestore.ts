import type { DocumentData, FieldPath } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { encryptionError } from "../errors.js";
import { isPlainObject } from "../tokens/encode-value.js";
import type { DocumentPlan } from "../tokens/document-plan.js";
import type { Values } from "../tokens/seal-document.js";
import { fieldOf, isEncrypted } from "./check-use.js";
import { updatesOf, type Update } from "./lower-change.firestore.js";
import { isBlob } from "./reseal-document.js";

/** What a developer gives, taken apart: values to seal, fields that go, parts of plain maps by dotted path. */
export interface Draft {
  readonly values: Values;
  readonly remove: readonly string[];
  readonly parts: readonly (readonly [path: string, value: unknown])[];
}

/**
 * Null and Firestore's own delete remove a field; undefined leaves it alone.
 *
 * @throws encryption/field-unknown, encryption/field-partial for a part of an encrypted field
 */
export const readDraft = (plan: DocumentPlan, given: Readonly<Values>): Draft => {
  const values: Values = {};
  const remove: string[] = [];
  const parts: [string, unknown][] = [];
  for (const [path, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const field = fieldOf(plan, path);
    if (path !== field.field.name) {
      if (isEncrypted(field)) throw partial(field.field.name, "write the whole field");
      parts.push([path, value]);
    } else if (value === null || isDelete(value)) remove.push(path);
    else values[path] = value;
  }
  return { values, remove, parts };
};

/**
 * A sealed draft as the data of `set` with `merge`.
 *
 * @throws encryption/field-partial for encrypted maps: Firestore would merge one with what is stored, which nobody sees here
 */
export const mergeOf = (plan: DocumentPlan, sealed: DocumentData, { values, remove }: Draft): DocumentData => {
  const { FieldValue: Value } = adminFirestoreSdk();
  const map = Object.keys(values).find((name) => isEncrypted(fieldOf(plan, name)) && isMap(values[name]));
  if (map !== undefined) throw partial(map, "use update, which writes the whole map");
  const data = withLowest(sealed);
  const gone = (map: "_e" | "_b", names: readonly string[]) => {
    if (names.length > 0)
      data[map] = {
        ...(data[map] as object | undefined),
        ...Object.fromEntries(names.map((name) => [name, Value.delete()])),
      };
  };
  const encrypted = remove.filter((name) => isEncrypted(fieldOf(plan, name)));
  gone("_e", encrypted);
  gone(
    "_b",
    encrypted.filter((name) => isFindable(plan, name)),
  );
  for (const name of remove) data[name] = Value.delete();
  return data;
};

/** A sealed draft as the data of `set` with `mergeFields`, which writes whole fields and wants each of them to be there. */
export const maskedOf = (plan: DocumentPlan, sealed: DocumentData, { remove }: Draft): DocumentData => {
  const { FieldValue: Value } = adminFirestoreSdk();
  const gone = remove.find((name) => isEncrypted(fieldOf(plan, name)));
  if (gone !== undefined) throw partial(gone, "remove it with merge or update");
  return { ...withLowest(sealed), ...Object.fromEntries(remove.map((name) => [name, Value.delete()])) };
};

/** A sealed draft as entries of `update`. */
export const updateOf = (sealed: DocumentData, { remove, parts }: Draft): [Update, ...Update[]] => {
  const { FieldPath: Path } = adminFirestoreSdk();
  const nested = parts.map(([path, value]): Update => [new Path(...path.split(".")), value]);
  const set = withLowest(sealed);
  const [first, ...rest] = nested;
  if (first !== undefined && Object.keys(set).length + remove.length === 0) return [first, ...rest];
  return [...updatesOf({ set, remove }), ...nested];
};

/** The stored paths of these fields, for `set` with `mergeFields`. */
export const maskOf = (plan: DocumentPlan, names: readonly string[]): FieldPath[] => {
  const { FieldPath: Path } = adminFirestoreSdk();
  const paths = names.flatMap((name) => {
    if (!isEncrypted(fieldOf(plan, name))) return [new Path(...name.split("."))];
    if (isBlob(plan)) throw partial(name, "set the whole document, or use update");
    return [new Path("_e", name), ...(isFindable(plan, name) ? [new Path("_b", name)] : [])];
  });
  const marks = [
    ...(names.some((name) => isEncrypted(fieldOf(plan, name))) ? ["_ek"] : []),
    ...(names.some((name) => isFindable(plan, name)) ? ["_bk"] : []),
  ];
  return [...paths, ...marks.map((mark) => new Path(mark))];
};

/** @throws encryption/field-partial when a write in parts would lose what it does not name */
export const checkParts = (plan: DocumentPlan, { values, remove }: Draft): void => {
  if (!isBlob(plan)) return;
  const { encrypted } = plan.collection;
  const [named, others] = [
    encrypted.filter(({ name }) => Object.hasOwn(values, name) || remove.includes(name)),
    encrypted.filter(({ name }) => !Object.hasOwn(values, name) && !remove.includes(name)),
  ];
  const [first] = named;
  if (first !== undefined && others.length > 0)
    throw partial(first.name, "name every encrypted field, or use update of the collection");
};

/** @throws encryption/subject-wrong for the field that names the subject: tokens that are not written again belong to one person */
export const checkSubjectStays = ({ collection: { subject: by } }: DocumentPlan, { values, remove }: Draft): void => {
  if (by.by !== "field" || !(Object.hasOwn(values, by.field) || remove.includes(by.field))) return;
  throw encryptionError("subject-wrong", {
    details: { field: by.field, remedy: "leave it out, or set the whole document" },
  });
};

const isFindable = (plan: DocumentPlan, name: string): boolean => fieldOf(plan, name).field.lookup !== undefined;

/** What the document has already may be of older keys: its marks only ever go down in a write that has not seen it. */
const withLowest = (sealed: DocumentData): DocumentData => {
  const { FieldValue: Value } = adminFirestoreSdk();
  const data = { ...sealed };
  for (const mark of ["_ek", "_bk"]) if (typeof data[mark] === "number") data[mark] = Value.minimum(data[mark]);
  return data;
};

const isDelete = (value: unknown): boolean => {
  const { FieldValue: Value } = adminFirestoreSdk();
  return value instanceof Value && value.isEqual(Value.delete());
};

const isMap = (value: unknown): boolean => typeof value === "object" && value !== null && isPlainObject(value);

const partial = (field: string, remedy: string) => encryptionError("field-partial", { details: { field, remedy } });
