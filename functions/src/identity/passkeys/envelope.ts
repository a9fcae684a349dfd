import type { z } from "zod";
import { octetsOf } from "./base64url.js";
import { refuse } from "./refusal.js";

interface Envelope {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
}

/** The browser's answer in its known shape, with one credential id, and of the one type there is. */
export const readEnvelope = <Response extends Envelope>(schema: z.ZodType<Response>, value: unknown): Response => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refuse("shape", parsed.error);
  const response = parsed.data;
  if (response.type !== "public-key") throw refuse("type");
  if (response.id !== response.rawId || octetsOf(response.id).length > LONGEST_ID) throw refuse("credential-id");
  return response;
};

/** WebAuthn L3 §4, "credential ID". */
const LONGEST_ID = 1_023;
