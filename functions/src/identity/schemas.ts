import { z } from "zod";
import type { Limit } from "../kernel/limits.js";
import { HOUR, MINUTE } from "../kernel/time.js";
import { isMailAddress } from "../platform/mail.js";

/** Shapes and limits that several of identity's calls share. */
export const read: Limit = { permits: 120, perMs: MINUTE, by: "account", store: "instance", whenDown: "allow" };
export const change: Limit = { permits: 30, perMs: 10 * MINUTE, by: "account", store: "shared", whenDown: "refuse" };
// The budget of attempts in the factor ledger is what stops guessing; this only keeps floods away from it.
export const attempt: Limit = { permits: 30, perMs: 15 * MINUTE, by: "account", store: "shared", whenDown: "refuse" };
export const start: Limit = { permits: 60, perMs: HOUR, by: "account", store: "shared", whenDown: "refuse" };
/** For calls that nobody need be signed in for. */
export const anyone: Limit = { permits: 60, perMs: 10 * MINUTE, by: "network", store: "shared", whenDown: "refuse" };

export const nothing = z.strictObject({});
export const time = z.number().int().describe("Epoch milliseconds.");
export const assurance = z
  .union([z.literal(1), z.literal(2), z.literal(3)])
  .describe("NIST SP 800-63B-4 assurance level.");
export const id = z.string().regex(/^[\w-]{22}$/, "An id has 22 characters.");
export const sid = z.string().regex(/^[\w-]{22}$/, "A session id has 22 characters.");
export const uid = z.string().regex(/^[^/]{1,128}$/, "An account id has 1 to 128 characters.");
/** A 256-bit hash or key coordinate, base64url. */
export const bits256 = z.string().regex(/^[\w-]{43}$/, "256 bits in base64url have 43 characters.");
export const scope = z
  .string()
  .regex(/^[a-z]+(\.[a-z-]+)*$/, "A scope is lower-case words joined by dots.")
  .max(64)
  .default("any")
  .describe("The guarded action this second factor is for; `any` covers all for the length of a step-up.");
export const transaction = bits256
  .optional()
  .describe("What is approved: the hash that `request/step-up-required` named. Counts once, and for nothing else.");
export const backupCode = z
  .string()
  .trim()
  .max(64)
  .regex(/^([0-9A-HJKMNP-TV-Za-hjkmnp-tv-zOoIiLl][\s-]*){24}$/, "A backup code has 24 letters and digits.");
export const backupCodes = z.array(z.string()).describe("Shown once. Each works once.");
export const methods = z.array(z.enum(["totp", "backup-code", "passkey", "email-code"]));
export const deviceName = z.string().trim().min(1).max(80);
export const device = z.strictObject({ name: deviceName });

/** The public half of the device's key, and the hash of the session's first secret: what binds a session to a device. */
export const binding = z.strictObject({
  key: z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: bits256, y: bits256 }),
  secretHash: bits256.describe("SHA-256 of a 256-bit secret that the device drew."),
});

/** What every way to sign in answers. */
export const startedSession = z.strictObject({
  sid: z.string(),
  expiresAt: time,
  assurance,
  stepUpRequired: z.boolean().describe("True: only a second factor, or leaving, is allowed next."),
  reasons: z.array(z.string()).describe("What made this sign-in risky; empty when nothing did."),
  methods: methods.describe("Second factors the account can be asked for."),
});

/** What the sign-ins that Firekeep itself checks answer. Give `customToken` to Firebase's `signInWithCustomToken`. */
export const signedIn = z.strictObject({ customToken: z.string(), session: startedSession });

export const steppedUp = z.strictObject({ assurance, scope: z.string(), until: time });

/** An e-mail address that stands for one mailbox. */
export const emailAddress = z
  .string()
  .trim()
  .max(254)
  .refine(isMailAddress, "This is not the form of an e-mail address.");
export const mailCode = z.string().regex(/^\d{8}$/, "A mailed code has eight digits.");
/** What is answered when a code was mailed. */
export const sentCode = z.strictObject({
  challenge: z.string().describe("Give it back with the code."),
  expiresAt: time,
});
