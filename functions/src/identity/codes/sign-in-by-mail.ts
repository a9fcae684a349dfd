import { networkPrefix } from "../../kernel/network.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Visitor } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { completeSignIn, type Binding } from "../sessions/complete-sign-in.js";
import { checkCode } from "./check-code.js";
import { sendCode, type CodeDeps } from "./send-code.js";

const PURPOSE = "mailcode.sign-in";

/**
 * Begins a sign-in without a password. Nothing here asks whether there is an account: the worker that delivers the mail does,
 * later, so that answer and time are the same for every address.
 */
export const beginMailSignIn = (
  deps: CodeDeps,
  { ip }: Visitor,
  email: string,
): Promise<{ challenge: string; expiresAt: EpochMs }> =>
  sendCode(deps, { purpose: PURPOSE, place: networkPrefix(ip), address: email, when: "account" });

/** Signs in with the mailed code: assurance 1. The whole sign-in policy follows. */
export const finishMailSignIn = async (
  deps: CodeDeps & IdentityDeps,
  visitor: Visitor,
  given: { challenge: string; code: string; device: { name: string }; binding?: Binding | undefined },
) => {
  const { challenge, code, device, binding } = given;
  const { uid } = await checkCode(deps, { challenge, code, purpose: PURPOSE, ip: visitor.ip });
  if (uid === undefined) throw identityError("code-rejected");
  return completeSignIn(deps, {
    uid,
    provider: "email-code",
    amr: ["email"],
    assurance: 1,
    device,
    binding,
    visitor,
  });
};
