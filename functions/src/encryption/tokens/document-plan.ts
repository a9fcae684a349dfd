import { encodeTuple } from "../../kernel/bytes.js";
import type { Collection, DataMap, Field } from "../../kernel/data-map/map.js";
import { segmentsOf, variableOf } from "../../kernel/data-map/paths.js";
import type { KeyClass } from "../keys/data-key-store.js";
import { encryptionError } from "../errors.js";
import type { TokenVersion } from "./token.js";

/** What is known of a collection before any document of it is seen. Made once. */
export interface DocumentPlan {
  readonly collection: Collection;
  readonly fields: ReadonlyMap<string, FieldPlan>;
  readonly segments: readonly { readonly text: string; readonly variable: string | undefined }[];
}

export interface FieldPlan {
  readonly field: Field;
  /** Under which class's keys; undefined for plain fields. */
  readonly keyClass: KeyClass | undefined;
  readonly version: TokenVersion;
  /** Parts of the associated data that are the same for every document, encoded (see associated-data.ts). */
  readonly head: Buffer;
  readonly name: Buffer;
  readonly type: Buffer;
  readonly indexInfo: string;
}

/** @throws encryption/collection-unknown */
export const planOf = (map: DataMap, name: string): DocumentPlan => {
  const plan = plansOf(map).get(name);
  if (plan === undefined) throw encryptionError("collection-unknown");
  return plan;
};

const plans = new WeakMap<DataMap, ReadonlyMap<string, DocumentPlan>>();

const plansOf = (map: DataMap): ReadonlyMap<string, DocumentPlan> => {
  const known = plans.get(map);
  if (known !== undefined) return known;
  const made = new Map(map.collections.map((collection) => [collection.name, planCollection(collection)]));
  plans.set(map, made);
  return made;
};

const planCollection = (collection: Collection): DocumentPlan => ({
  collection,
  fields: new Map(Object.values(collection.fields).map((field) => [field.name, planField(collection, field)])),
  segments: segmentsOf(collection.path).map((text) => ({ text, variable: variableOf(text) })),
});

const planField = (collection: Collection, field: Field): FieldPlan => ({
  field,
  keyClass: field.stored === "token" && field.class !== "GREEN" ? field.class : undefined,
  version: field.class === "RED" ? 2 : 1,
  head: encodeTuple(["pt1", field.class, collection.path]),
  name: encodeTuple([field.name]),
  type: encodeTuple([field.type]),
  indexInfo: encodeTuple(["blind-index", collection.name, field.name]).toString("latin1"),
});

/** The path's values for the template's variables, in order. @throws encryption/path-wrong */
export const pathValues = (plan: DocumentPlan, path: string): string[] => {
  const values: string[] = [];
  let at = 0;
  for (const { text, variable } of plan.segments) {
    const slash = path.indexOf("/", at);
    const end = slash === -1 ? path.length : slash;
    const segment = path.slice(at, end);
    if (variable === undefined ? segment !== text : segment === "") throw encryptionError("path-wrong");
    if (variable !== undefined) values.push(segment);
    at = end + 1;
  }
  if (at !== path.length + 1) throw encryptionError("path-wrong");
  return values;
};

/** Whose document it is, by the data map. @throws encryption/subject-missing */
export const subjectOf = (
  plan: DocumentPlan,
  values: readonly string[],
  data: Readonly<Record<string, unknown>>,
): string => {
  const { subject, variables } = plan.collection;
  if (subject.by === "path") return values[variables.indexOf(subject.variable)] ?? missing();
  const value = subject.by === "field" ? data[subject.field] : undefined;
  return typeof value === "string" && value !== "" ? value : missing();
};

const missing = (): never => {
  throw encryptionError("subject-missing");
};
