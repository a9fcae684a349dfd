import { encodeTuple } from "../../kernel/bytes.js";
import type { Collection, DataMap, Field } from "../../kernel/data-map/map.js";
import { segmentsOf, variableOf } from "../../kernel/data-map/paths.js";
import { keyClassOf, type KeyClass } from "../keys/key-class.js";
import { encryptionError } from "../errors.js";
import type { TokenVersion } from "./token.js";

/** What is known of a collection before any document of it is seen. Made once. */
export interface DocumentPlan {
  readonly collection: Collection;
  readonly fields: ReadonlyMap<string, FieldPlan>;
  /** Of the one token that holds all encrypted fields, where the collection says `tokens: "document"`. */
  readonly whole: TokenPlan | undefined;
  readonly segments: readonly { readonly text: string; readonly variable: string | undefined }[];
  /** Which of the path's values is the subject; -1 when none is. */
  readonly subjectAt: number;
}

/** How the tokens of a field, or of a whole document, are made. */
export interface TokenPlan {
  /** Under which class's keys. */
  readonly keyClass: KeyClass;
  readonly version: TokenVersion;
  /** Parts of the associated data that are the same for every document, encoded (see associated-data.ts). */
  readonly head: Buffer;
  readonly name: Buffer;
  readonly type: Buffer;
}

export interface FieldPlan extends Omit<TokenPlan, "keyClass"> {
  readonly field: Field;
  /** Undefined for plain fields. */
  readonly keyClass: KeyClass | undefined;
  readonly indexInfo: string;
}

/** Name of the token under `_e` that holds a whole document's encrypted fields. No field has it. */
export const WHOLE = "*";

/** @throws encryption/collection-unknown */
export const planOf = (map: DataMap, name: string): DocumentPlan => {
  const plan = plansOf(map).get(name);
  if (plan === undefined) throw encryptionError("collection-unknown");
  return plan;
};

/** How the token of this name under `_e` is made; undefined for what the collection does not encrypt. */
export const tokenPlan = ({ fields, whole }: DocumentPlan, name: string): TokenPlan | undefined => {
  const plan = whole === undefined ? fields.get(name) : name === WHOLE ? whole : undefined;
  return isTokenPlan(plan) ? plan : undefined;
};

/** Whether what it plans is encrypted. */
export const isTokenPlan = (plan: FieldPlan | TokenPlan | undefined): plan is TokenPlan => plan?.keyClass !== undefined;

const plans = new WeakMap<DataMap, ReadonlyMap<string, DocumentPlan>>();

const plansOf = (map: DataMap): ReadonlyMap<string, DocumentPlan> => {
  const known = plans.get(map);
  if (known !== undefined) return known;
  const made = new Map(map.collections.map((collection) => [collection.name, planCollection(collection)]));
  plans.set(map, made);
  return made;
};

const planCollection = (collection: Collection): DocumentPlan => {
  const { path, subject, variables } = collection;
  return {
    collection,
    fields: new Map(Object.values(collection.fields).map((field) => [field.name, planField(collection, field)])),
    whole: collection.tokens === "document" ? planWhole(collection) : undefined,
    segments: segmentsOf(path).map((text) => ({ text, variable: variableOf(text) })),
    subjectAt: subject.by === "path" ? variables.indexOf(subject.variable) : -1,
  };
};

const planField = (collection: Collection, field: Field): FieldPlan => ({
  field,
  keyClass:
    field.stored === "token" && field.class !== "GREEN"
      ? keyClassOf(field.hardware === true ? "VAULT" : field.class, collection.keyLocation)
      : undefined,
  ...versionAndParts(collection, field),
  indexInfo: encodeTuple(["blind-index", collection.name, field.name]).toString("latin1"),
});

/** One RED field makes the whole token RED. */
const planWhole = (collection: Collection): TokenPlan => {
  const top = collection.encrypted.some((field) => field.class === "RED") ? "RED" : "AMBER";
  return {
    keyClass: keyClassOf(top, collection.keyLocation),
    ...versionAndParts(collection, { class: top, name: WHOLE, type: "document" }),
  };
};

const versionAndParts = (collection: Collection, of: { class: string; name: string; type: string }) => ({
  version: of.class === "RED" ? (2 as const) : (1 as const),
  head: encodeTuple(["pt1", of.class, collection.path]),
  name: encodeTuple([of.name]),
  type: encodeTuple([of.type]),
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
  { collection, subjectAt }: DocumentPlan,
  values: readonly string[],
  data: Readonly<Record<string, unknown>>,
): string => {
  const { subject } = collection;
  if (subject.by === "path") return values[subjectAt] ?? missing();
  const value = subject.by === "field" ? data[subject.field] : undefined;
  return typeof value === "string" && value !== "" ? value : missing();
};

const missing = (): never => {
  throw encryptionError("subject-missing");
};
