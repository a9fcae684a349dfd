import { defineErrors } from "../kernel/errors.js";

export const privacyError = defineErrors("privacy", {
  "request-unknown": ["not-found", "There is no such request of yours."],
  "job-moved": ["aborted", "Somebody else is at work on this request."],
  "residual-found": ["internal", "The erasure is not complete yet."],
});
