import { defineErrors } from "../kernel/errors.js";

/** What a key management service can answer. Of the encryption domain, wherever it happens. */
export const kmsError = defineErrors("encryption", {
  "kms-unavailable": ["unavailable", "The key service cannot be reached now. Try again."],
  "kms-refused": ["failed-precondition", "The key service refused this operation."],
  "kms-location-unknown": ["internal", "The server is not configured."],
  "kms-corrupt": ["unavailable", "The key service's answer arrived damaged. Try again."],
});

/** The typed error of a gRPC failure; the failure is its cause. */
export const fromGrpc = (cause: unknown) => {
  const code = (cause as { code?: unknown }).code;
  return kmsError(typeof code === "number" && REFUSALS.has(code) ? "kms-refused" : "kms-unavailable", { cause });
};

// google.rpc.Code: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, UNAUTHENTICATED.
const REFUSALS: ReadonlySet<number> = new Set([3, 5, 7, 9, 16]);
