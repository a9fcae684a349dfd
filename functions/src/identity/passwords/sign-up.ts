import { config } from "../../config.js";
import { networkPrefix } from "../../kernel/network.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Visitor } from "../../platform/secure-call.js";
import { isDisposable } from "../accounts/disposable-address.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { StartedSession } from "../sessions/begin-session.js";
import { completeSignIn, type Binding } from "../sessions/complete-sign-in.js";
import { acceptPassword } from "./accept-password.js";
import { addressHash } from "./address-hash.js";
import { answerEvenly } from "./answer-evenly.js";
import type { PasswordDeps } from "./deps.js";
import { requireProxy } from "./sign-in.js";

const PURPOSE = "password.sign-up";

/**
 * Asks whoever has the address to confirm it. An address that has an account is answered the same: its owner gets a mail that
 * says so, and no code. Neither the password nor an account is kept until the code comes back, so that nobody can take an
 * address that is not theirs, or leave a password of theirs on it.
 *
 * @throws identity/proxy-off, -address-refused, -password-…, -code-too-soon
 */
export const beginSignUp = async (
  deps: PasswordDeps,
  visitor: Visitor,
  { email, password }: { email: string; password: string },
): Promise<{ challenge: string; expiresAt: EpochMs }> => {
  requireProxy(deps);
  if (isDisposable(email)) throw identityError("address-refused");
  await acceptPassword(deps, { password, email, withFactor: false });
  return answerEvenly(deps, async () =>
    deps.codes.send({
      purpose: PURPOSE,
      place: networkPrefix(visitor.ip),
      address: email,
      when: "no-account",
      facts: { address: await addressHash(deps, email) },
      lifeMs: config.passwords.confirmWithinMs,
    }),
  );
};

/**
 * Makes the account, with its address confirmed, and signs in. The password is the one given now: it is held against the rules
 * again.
 *
 * @throws identity/proxy-off, -password-…, -code-rejected, -sign-in-refused
 */
export const confirmSignUp = async (
  deps: PasswordDeps,
  visitor: Visitor,
  input: {
    readonly challenge: string;
    readonly code: string;
    readonly email: string;
    readonly password: string;
    readonly device: { readonly name: string };
    readonly binding?: Binding | undefined;
  },
): Promise<{ customToken: string; session: StartedSession }> => {
  requireProxy(deps);
  const { challenge, code, email, password, device, binding } = input;
  await acceptPassword(deps, { password, email, withFactor: false });
  const { facts } = await deps.codes.check({ challenge, code, purpose: PURPOSE });
  if (facts["address"] !== (await addressHash(deps, email))) throw identityError("code-rejected");
  const uid = await deps.passwords.create(email, password);
  // Somebody else was quicker, in the minutes since.
  if (uid === undefined) throw identityError("code-rejected");
  await deps.record({ type: identityEvent["account-registered"], outcome: "success", subject: uid, ip: visitor.ip });
  return completeSignIn(deps, { uid, provider: "password", amr: ["pwd"], assurance: 1, device, binding, visitor });
};
