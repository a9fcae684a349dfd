import { defineErrors } from "../kernel/errors.js";

export const auditError = defineErrors("audit", {
  unavailable: ["unavailable", "This could not be put on record, so it was not done. Try again."],
  "nothing-sealed": ["failed-precondition", "The log has no signed checkpoint yet. Try again in a minute."],
  "range-unknown": ["invalid-argument", "The log does not reach that far."],
});
