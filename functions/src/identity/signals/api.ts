import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import { change, id, nothing, read, time } from "../schemas.js";
import { CAEP_EVENTS } from "./caep.js";

const events = z.array(z.enum(CAEP_EVENTS)).min(1).max(CAEP_EVENTS.length);
const url = z.string().min(1).max(2_048);
const guarded = { session: "strict", permission: "security.respond", assurance: 2, proof: true } as const;

export const signalsApi = defineApi({
  "receiver-register": {
    summary: "Registers an HTTPS address that is pushed signed security event tokens (CAEP over RFC 8935).",
    ...guarded,
    stepUp: "identity.signals",
    limit: change,
    input: z.strictObject({
      url,
      audience: z.string().min(1).max(512).describe("`aud` of the tokens."),
      events: events.default([...CAEP_EVENTS]),
      authorization: z
        .string()
        .regex(/^[\x21-\x7e][\x20-\x7e]{0,1023}$/, "A header value has printable ASCII only.")
        .optional()
        .describe("What the receiver wants in the Authorization header. Kept sealed, never shown again."),
    }),
    output: z.strictObject({ id }),
    errors: ["identity/receiver-refused", "identity/too-many-receivers", "identity/signals-off"],
  },
  "receiver-list": {
    summary: "Lists who is sent security event tokens.",
    session: "strict",
    permission: "security.read",
    proof: true,
    limit: read,
    input: nothing,
    output: z.strictObject({
      receivers: z.array(
        z.strictObject({ id, url: z.string(), audience: z.string(), events: z.array(z.string()), createdAt: time }),
      ),
    }),
  },
  "receiver-remove": {
    summary: "Removes a receiver. What is still queued for it is dropped.",
    ...guarded,
    stepUp: "identity.signals",
    limit: change,
    input: z.strictObject({ id }),
    output: z.strictObject({ removed: z.literal(true) }),
    errors: ["identity/receiver-missing"],
  },
  "receiver-verify": {
    summary: "Sends a receiver a verification event, on the same way as any other.",
    ...guarded,
    limit: change,
    input: z.strictObject({ id }),
    output: z.strictObject({ signal: id.describe("For `signal-read`.") }),
    errors: ["identity/receiver-missing", "identity/signals-off"],
  },
  "signal-read": {
    summary: "How the delivery of one token went.",
    session: "strict",
    permission: "security.read",
    proof: true,
    limit: read,
    input: z.strictObject({
      id: z.string().regex(/^[\w-]{22}([\w-]{21})?$/, "A signal's id has 22 or 43 characters."),
    }),
    output: z.strictObject({
      state: z.enum(["pending", "delivered", "refused", "abandoned"]),
      attempts: z.number().int(),
    }),
    errors: ["identity/signal-missing"],
  },
});
