import { defineErrors } from "../kernel/errors.js";

export const detectionError = defineErrors("detection", {
  "rule-invalid": ["internal", "A detection rule is invalid."],
  contended: ["aborted", "Too many changes at once. Try again."],
});
