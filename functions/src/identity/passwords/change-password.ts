import type { Caller } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { hasFactor } from "../factors/factor-store.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { acceptPassword } from "./accept-password.js";
import { checkPassword } from "./check-password.js";
import type { PasswordDeps } from "./deps.js";
import { requireProxy } from "./sign-in.js";

/**
 * Changes the password for whoever knows the one before it (OWASP ASVS 6.2.3). Every other session ends and every device must
 * be trusted anew. Firebase revokes its tokens with the password: the answer's token carries on with the same session.
 *
 * @throws identity/proxy-off, -password-…, -too-many-passwords
 */
export const changePassword = async (
  deps: PasswordDeps,
  caller: Caller,
  { current, next }: { current: string; next: string },
): Promise<{ customToken: string; revoked: number }> => {
  requireProxy(deps);
  const { uid } = caller;
  const { sid } = sessionOf(caller);
  const [status, factors] = await Promise.all([deps.directory.status(uid), deps.factors.find(uid)]);
  const email = status?.email;
  if (email === undefined) throw identityError("password-rejected");
  await acceptPassword(deps, { password: next, email, withFactor: hasFactor(factors) });
  await checkPassword(deps, { address: email.toLowerCase(), password: current, uid, visitor: caller, session: sid });
  await deps.passwords.setPassword(uid, next);
  const at = deps.clock();
  const revoked = await deps.sessions.signOut(uid, { at, because: "password-changed", except: sid });
  await deps.devices.distrustAll(uid);
  await deps.record({
    type: identityEvent["password-changed"],
    outcome: "success",
    subject: uid,
    session: sid,
    ip: caller.ip,
    detail: { sessionsEnded: revoked },
  });
  await deps.notify({ id: `password-changed-${sid}-${String(at)}`, uid, kind: "password-changed", sid, facts: {} });
  return { customToken: await deps.directory.mintToken(uid, sid), revoked };
};
