import type { FieldType } from "../../kernel/data-map/declaration.js";
import { isPlainObject } from "./encode-value.js";
import { encryptionError } from "../errors.js";
import type { FieldPlan } from "./document-plan.js";
import type { NativeTypes } from "./native-types.js";

/**
 * Holds a value against the field's declared type. A server-side transform passes on plain fields only: Firestore would
 * apply it to ciphertext otherwise.
 *
 * @throws encryption/field-wrong-type, encryption/field-sentinel
 */
export const checkField = (natives: NativeTypes, { field, keyClass }: FieldPlan, value: unknown): void => {
  const type = typeof value;
  if (type === "string" && field.type === "string") return;
  const kind = typeof value === "object" && value !== null ? kindOf(natives, value) : SCALARS[type];
  if (kind === "sentinel" && keyClass === undefined) return;
  if (kind === "sentinel") throw encryptionError("field-sentinel", { details: { field: field.name } });
  if (kind !== field.type) throw wrongType(field);
};

const wrongType = (field: { name: string; type: FieldType }) =>
  encryptionError("field-wrong-type", { details: { field: field.name, expected: field.type } });

const SCALARS: Readonly<Record<string, FieldType>> = {
  string: "string",
  number: "number",
  bigint: "number",
  boolean: "boolean",
};

const kindOf = (natives: NativeTypes, value: object): FieldType | "sentinel" | undefined => {
  if (Array.isArray(value)) return "array";
  if (value instanceof Uint8Array) return "bytes";
  return isPlainObject(value) ? "map" : natives.kindOf(value);
};
