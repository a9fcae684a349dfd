import type { WhereFilterOp } from "firebase-admin/firestore";
import { encryptionError } from "../errors.js";
import type { DocumentPlan, FieldPlan } from "../tokens/document-plan.js";

/** Firestore's own limit of a query in disjunctive normal form. */
export const MOST_ALTERNATIVES = 30;

/** The plan of the field that a path begins with. @throws encryption/field-unknown */
export const fieldOf = (plan: DocumentPlan, path: string): FieldPlan => {
  const [name = ""] = path.split(".");
  const field = plan.fields.get(name);
  if (field === undefined) throw encryptionError("field-unknown", { details: { field: name.slice(0, 64) } });
  return field;
};

export const isEncrypted = (field: FieldPlan): boolean => field.keyClass !== undefined;

/**
 * Whether a filter goes to the blind index; false for plain fields, which Firestore filters itself.
 *
 * @throws encryption/field-encrypted for whatever a ciphertext cannot answer, encryption/field-unknown
 */
export const checkFilter = (plan: DocumentPlan, path: string, op: WhereFilterOp): boolean => {
  const field = fieldOf(plan, path);
  if (!isEncrypted(field)) return false;
  const isWhole = path === field.field.name;
  if (op !== "==" && op !== "in") throw misuse(field, `where ${op}`, EQUALITY);
  if (field.field.lookup === undefined || !isWhole) throw misuse(field, `where ${op}`, LOOKUP);
  return true;
};

/** @throws encryption/field-encrypted, encryption/field-unknown */
export const checkPlain = (plan: DocumentPlan, path: string, operation: string): void => {
  const field = fieldOf(plan, path);
  if (isEncrypted(field)) throw misuse(field, operation, SORT);
};

const EQUALITY = 'a looked-up field is found by "==" and "in" only';
const LOOKUP = "say lookup on the field in the data map";
const SORT = "ciphertext has no order and no sum; do it with the values, once they are open";

const misuse = ({ field }: FieldPlan, operation: string, remedy: string) =>
  encryptionError("field-encrypted", { details: { field: field.name, operation, remedy } });
