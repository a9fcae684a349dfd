import type { Firekeep, StepUp } from "./firekeep.ts";
import type { Output } from "./send-call.ts";

/** Shows a second factor by itself, not along with a call: what a risky sign-in asks for before anything else. */
export const provideFactor = (
  firekeep: Firekeep,
  proof: StepUp,
  what: { scope?: string; transaction?: string } = {},
): Promise<Output<"identity-totp-verify">> => {
  if (proof.method === "passkey") {
    const { challenge, response } = proof;
    return firekeep.call("identity-passkey-verify", { challenge, response, ...what });
  }
  const id = proof.method === "totp" ? "identity-totp-verify" : "identity-backup-verify";
  return firekeep.call(id, { code: proof.code, ...what });
};
