import type { DocumentData } from "firebase-admin/firestore";
import type { DataMap } from "../../kernel/data-map/map.js";
import { encryptionError } from "../errors.js";
import type { DocumentPlace } from "./associated-data.js";
import { checkField } from "./check-field.js";
import {
  isTokenPlan,
  pathValues,
  planOf,
  WHOLE,
  type DocumentPlan,
  type FieldPlan,
  type TokenPlan,
} from "./document-plan.js";
import { encodePlaintext, Unencodable } from "./encode-value.js";
import type { NativeTypes } from "./native-types.js";

/** A document's values by field. */
export type Values = Record<string, unknown>;

export interface SealRequest {
  /** Its name in the data map. */
  readonly collection: string;
  /** Slash-separated document path, such as `profiles/u1`. */
  readonly path: string;
  /** Account id of the person the document is about. */
  readonly subject: string;
  /** Some or all of the fields. Where a collection has one token a document: all of its encrypted fields, or none. */
  readonly values: Readonly<Values>;
}

/** A document that was looked at and is ready to be encrypted. */
export interface PreparedDocument {
  readonly place: DocumentPlace;
  readonly plain: DocumentData;
  readonly secrets: readonly Secret[];
  /** Values whose blind index is stored as well. */
  readonly lookups: readonly { readonly field: FieldPlan; readonly value: string | number | bigint }[];
}

/** What becomes one token: its name under `_e`, how it is made, and canonical bytes, or text whose UTF-8 they are. */
export interface Secret {
  readonly name: string;
  readonly plan: TokenPlan;
  readonly plaintext: Buffer | string;
}

interface PrepareDeps {
  readonly dataMap: () => DataMap;
  readonly natives: NativeTypes;
}

/**
 * Refuses what cannot be sealed, before any key is made for it.
 *
 * @throws encryption/collection-unknown, -path-wrong, -subject-wrong, -field-unknown, -field-wrong-type, -field-sentinel
 */
export const prepareDocument = (
  deps: PrepareDeps,
  { collection, path, subject, values }: SealRequest,
): PreparedDocument => {
  const plan = planOf(deps.dataMap(), collection);
  const place = { pathValues: pathValues(plan, path), subject };
  checkSubject(plan, place, values);
  const plain: DocumentData = {};
  const secrets: Secret[] = [];
  const lookups: PreparedDocument["lookups"][number][] = [];
  const together: [FieldPlan, unknown][] = [];
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value === undefined) continue;
    const field = plan.fields.get(name);
    if (field === undefined) throw encryptionError("field-unknown", { details: { field: name.slice(0, 64) } });
    checkField(deps.natives, field, value);
    if (!isTokenPlan(field)) plain[name] = value;
    else if (plan.whole !== undefined) together.push([field, value]);
    else secrets.push({ name, plan: field, plaintext: encodeField(deps.natives, name, value) });
    if (field.field.lookup !== undefined) lookups.push({ field, value: value as string | number | bigint });
  }
  if (plan.whole !== undefined && together.length > 0) secrets.push(wholeOf(deps.natives, plan.whole, together));
  return { place, plain, secrets, lookups };
};

const wholeOf = (natives: NativeTypes, plan: TokenPlan, together: readonly [FieldPlan, unknown][]): Secret => {
  for (const [{ field }, value] of together) encodeField(natives, field.name, value);
  const values = Object.fromEntries(together.map(([{ field }, value]) => [field.name, value]));
  return { name: WHOLE, plan, plaintext: encodeField(natives, WHOLE, values) };
};

const encodeField = (natives: NativeTypes, field: string, value: unknown): Buffer | string => {
  try {
    return encodePlaintext(natives, value);
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    throw encryptionError(error.reason, { details: { field } });
  }
};

// Reading finds the subject by the data map; a document sealed for somebody else could never be opened.
const checkSubject = (
  { collection: { subject: by }, subjectAt }: DocumentPlan,
  { pathValues: values, subject }: DocumentPlace,
  given: Readonly<Values>,
): void => {
  const owner = by.by === "path" ? values[subjectAt] : by.by === "field" ? given[by.field] : undefined;
  if (owner !== undefined && owner !== subject) throw encryptionError("subject-wrong");
};
