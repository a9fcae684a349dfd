import { z } from "zod";
import { DAY, MINUTE } from "../../kernel/time.js";
import { defineApi } from "../../platform/api.js";
import { PURPOSE_NAMES, SILENT_NAMES } from "./purposes.js";

const perAccount = { by: "account", store: "shared", whenDown: "refuse" } as const;
const change = { ...perAccount, permits: 30, perMs: 10 * MINUTE } as const;
/** Whoever wants many values wants something else than this. */
const requests = { ...perAccount, permits: 50, perMs: DAY } as const;

const id = z.string().regex(/^[\w-]{22}$/, "An id has 22 characters.");
const uid = z.string().regex(/^[^/]{1,128}$/, "An account id has 1 to 128 characters.");
const time = z.number().int().describe("Epoch milliseconds.");
const collection = z.string().min(1).max(100);
const params = z.record(z.string().min(1).max(100), z.string().min(1).max(256));
const fields = z
  .array(z.string().min(1).max(100))
  .min(1)
  .max(20)
  .refine((names) => new Set(names).size === names.length, "Each field once.");
const purpose = z.enum(PURPOSE_NAMES);
const legalBasis = z.enum([
  "consent",
  "contract",
  "legal-obligation",
  "vital-interests",
  "public-task",
  "legitimate-interests",
]);
const silent = z.enum(SILENT_NAMES);

/** What every row of an officer demands. */
const officer = { session: "strict", permission: "vault.open", assurance: 2, proof: true } as const;
const approved = { ...officer, stepUp: "encryption.vault", limit: change } as const;

const asking = z.strictObject({
  collection,
  params,
  fields,
  purpose,
  legalBasis,
  reason: z.string().trim().min(10).max(500).describe("For the second officer, and for reviews. Not in the log."),
  silent: silent
    .optional()
    .describe("Why the person is told only after `config.vault.silentMs`. Absent: they are told at once."),
});
const deciding = z.strictObject({ id, uid, collection, fields }).describe("The request, and what was shown of it.");
const naming = z.strictObject({ id });
type Asking = z.output<typeof asking>;
type Deciding = z.output<typeof deciding>;
type Naming = z.output<typeof naming>;

const DECIDING = ["encryption/vault-unknown", "encryption/vault-own", "encryption/write-conflict"];

export const vaultApi = defineApi({
  "vault-request": {
    summary: "Asks to see fields under the hardware key (L4) of one document. A second officer must agree.",
    ...approved,
    limit: requests,
    transaction: ({ collection: of, params: at, fields: names, purpose: why }: Asking) => {
      return { collection: of, params: at, fields: names, purpose: why, change: "request" };
    },
    input: asking,
    output: z.strictObject({ id: z.string(), expiresAt: time }),
    errors: [
      "encryption/collection-unknown",
      "encryption/collection-closed",
      "encryption/path-wrong",
      "encryption/field-not-vaulted",
      "encryption/subject-missing",
      "encryption/not-found",
      "encryption/vault-own",
    ],
  },
  "vault-approve": {
    summary: "Agrees to a request of another officer about somebody else: they may open it for a short while, once.",
    ...approved,
    transaction: (decided: Deciding) => ({ ...decided, change: "approve" }),
    input: deciding,
    output: z.strictObject({ opensUntil: time }),
    errors: DECIDING,
  },
  "vault-deny": {
    summary: "Refuses a request of another officer about somebody else.",
    ...approved,
    transaction: (decided: Deciding) => ({ ...decided, change: "deny" }),
    input: deciding,
    output: z.strictObject({ denied: z.literal(true) }),
    errors: DECIDING,
  },
  "vault-open": {
    summary: "The values of an approved request, to whoever asked, once. The person is told.",
    ...approved,
    transaction: (named: Naming) => ({ ...named, change: "open" }),
    input: naming,
    output: z.strictObject({
      uid: z.string(),
      collection: z.string(),
      values: z.record(z.string(), z.unknown()).describe("JSON, as `document-read` answers it."),
    }),
    errors: [
      "encryption/vault-unknown",
      "encryption/vault-foreign",
      "encryption/write-conflict",
      "encryption/not-found",
      "encryption/undecryptable",
      "encryption/key-missing",
      "encryption/keys-unavailable",
      "encryption/kms-unavailable",
      "encryption/kms-refused",
    ],
  },
  "vault-cancel": {
    summary: "Stops a request that was not opened yet, approved or not: one's own, or another officer's.",
    ...officer,
    limit: change,
    input: naming,
    output: z.strictObject({ cancelled: z.literal(true) }),
    errors: ["encryption/vault-unknown", "encryption/write-conflict"],
  },
  "vault-list": {
    summary: "Requests to see fields under the hardware key, newest first, 100 a page; never a value.",
    ...officer,
    limit: { permits: 120, perMs: MINUTE, by: "account", store: "instance", whenDown: "allow" },
    input: z.strictObject({ before: time.optional().describe("`next` of the page before.") }),
    output: z.strictObject({
      requests: z.array(
        z.strictObject({
          id: z.string(),
          uid: z.string().nullable().describe("Null: the person was erased."),
          collection: z.string(),
          path: z.string().nullable(),
          fields: z.array(z.string()),
          purpose,
          legalBasis,
          reason: z.string().nullable(),
          silent: silent.nullable(),
          state: z.enum(["requested", "approved", "denied", "cancelled", "opened", "expired", "erased"]),
          requestedBy: z.string(),
          requestedAt: time,
          expiresAt: time,
          decidedBy: z.string().nullable(),
          decidedAt: time.nullable(),
          opensUntil: time.nullable(),
          openedAt: time.nullable(),
        }),
      ),
      next: time.nullable(),
    }),
  },
});
