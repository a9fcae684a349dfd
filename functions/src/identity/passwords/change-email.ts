import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import { isDisposable } from "../accounts/disposable-address.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { addressHash } from "./address-hash.js";
import { answerEvenly } from "./answer-evenly.js";
import type { PasswordDeps } from "./deps.js";

const PURPOSE = "email.change";

/**
 * Sends a code to the new address. One that has an account is answered the same: its owner is told, and there is no code.
 *
 * @throws identity/address-refused, -code-too-soon
 */
export const beginEmailChange = async (
  deps: PasswordDeps,
  caller: Caller,
  { email }: { email: string },
): Promise<{ challenge: string; expiresAt: EpochMs }> => {
  const { sid } = sessionOf(caller);
  if (isDisposable(email)) throw identityError("address-refused");
  return answerEvenly(deps, async () =>
    deps.codes.send({
      purpose: PURPOSE,
      place: sid,
      uid: caller.uid,
      sid,
      address: email,
      when: "no-account",
      facts: { address: await addressHash(deps, email) },
      lifeMs: config.passwords.confirmWithinMs,
    }),
  );
};

/**
 * Changes the account's address to the one that was confirmed; the one before it is told. Firebase drops the session's id from
 * tokens with the change: the answer's token carries on with the same session.
 *
 * @throws identity/code-rejected
 */
export const confirmEmailChange = async (
  deps: PasswordDeps,
  caller: Caller,
  { challenge, code, email }: { challenge: string; code: string; email: string },
): Promise<{ customToken: string }> => {
  const { uid } = caller;
  const { sid } = sessionOf(caller);
  const { facts } = await deps.codes.check({ challenge, code, purpose: PURPOSE, uid, sid });
  if (facts["address"] !== (await addressHash(deps, email))) throw identityError("code-rejected");
  const before = (await deps.directory.status(uid))?.email;
  if (!(await deps.passwords.setAddress(uid, email))) throw identityError("code-rejected");
  await deps.devices.distrustAll(uid);
  await deps.record({
    type: identityEvent["email-changed"],
    outcome: "success",
    subject: uid,
    session: sid,
    ip: caller.ip,
  });
  await deps.notify({
    id: `email-changed-${challenge}`,
    uid,
    kind: "email-changed",
    sid,
    facts: {},
    ...(before !== undefined && { alsoTo: [before] }),
  });
  return { customToken: await deps.directory.mintToken(uid, sid) };
};
