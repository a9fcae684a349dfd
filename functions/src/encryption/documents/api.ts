import { z } from "zod";
import { MINUTE } from "../../kernel/time.js";
import { defineApi } from "../../platform/api.js";

const perAccount = { perMs: MINUTE, by: "account", store: "instance", whenDown: "refuse" } as const;

const collection = z.string().min(1).max(100);
const params = z.record(z.string().min(1).max(100), z.string().min(1).max(256));
/** JSON: timestamps as RFC 3339 text, bytes as base64url, geopoints as `{ latitude, longitude }`, references as paths. */
const values = z.record(z.string().min(1).max(100), z.unknown());

// A document holds 1 MiB; what is over it would be refused by Firestore after the work is done.
const written = values.refine((map) => JSON.stringify(map).length <= 900_000, "At most 900 000 characters.");

const keysDown = ["encryption/kms-unavailable", "encryption/kms-refused", "encryption/keys-unavailable"] as const;
const wrongPlace = [
  "encryption/collection-unknown",
  "encryption/collection-closed",
  "encryption/path-wrong",
  "encryption/not-yours",
] as const;

export const documentsApi = defineApi({
  "document-write": {
    summary: "Writes fields of the caller's own document, encrypted as the data map says; null removes a field.",
    session: "cached",
    permission: "self",
    limit: { ...perAccount, permits: 120 },
    input: z.strictObject({ collection, params, values: written }),
    output: z.strictObject({ created: z.boolean() }),
    errors: [
      ...wrongPlace,
      "encryption/field-unknown",
      "encryption/field-wrong-type",
      "encryption/field-not-writable",
      "encryption/value-not-normal",
      "encryption/write-conflict",
      ...keysDown,
    ],
  },
  "document-read": {
    summary:
      "The caller's own document, decrypted. Looking at RED fields is put on record. `onFile` names the L4 fields it has: their values are not given.",
    session: "cached",
    permission: "self",
    limit: { ...perAccount, permits: 300 },
    input: z.strictObject({ collection, params }),
    output: z.strictObject({ values, onFile: z.array(z.string()) }),
    errors: [...wrongPlace, "encryption/not-found", "encryption/undecryptable", "encryption/key-missing", ...keysDown],
  },
  "document-find": {
    summary:
      "Documents whose encrypted field has this value: the caller's own, or anyone's for privacy officers at AAL2.",
    session: "strict",
    permission: "self",
    proof: true,
    limit: { ...perAccount, permits: 30 },
    input: z.strictObject({ collection, field: z.string().min(1).max(100), value: z.string().min(1).max(1_000) }),
    output: z.strictObject({ documents: z.array(z.strictObject({ params, values })) }),
    errors: [
      "encryption/collection-unknown",
      "encryption/collection-closed",
      "encryption/field-not-findable",
      "encryption/value-not-normal",
      "encryption/undecryptable",
      ...keysDown,
    ],
  },
});
