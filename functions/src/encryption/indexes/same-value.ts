import type { FieldPlan } from "../tokens/document-plan.js";
import { normalise } from "./normalise.js";

/** Whether a stored value is the one that is looked for, in the form in which the field is looked up. */
export const isSameValue = (plan: FieldPlan | undefined, stored: unknown, wanted: unknown): boolean => {
  const lookup = plan?.field.lookup;
  if (lookup === undefined || !isIndexable(stored) || !isIndexable(wanted)) return false;
  const normal = normalise(lookup, String(wanted));
  return normal !== undefined && normalise(lookup, String(stored)) === normal;
};

const isIndexable = (value: unknown): value is string | number | bigint =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint";
