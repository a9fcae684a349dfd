import type { AuthBlockingEvent } from "firebase-functions/v2/identity";
import { networkPrefix } from "../kernel/network.js";
import { randomId } from "../kernel/random.js";
import { findBlock } from "./block-access.js";
import type { IdentityDeps } from "./deps.js";
import { isDisposable } from "./disposable-address.js";
import { identityError } from "./errors.js";

/**
 * Before an account is made: refuses disposable addresses, and does nothing else. Firebase asks this also for sign-ups that
 * then fail, so there is no side effect; security settings are made with the first session.
 */
export const admitSignUp = (event: Pick<AuthBlockingEvent, "data">): void => {
  const email = event.data?.email;
  if (email !== undefined && isDisposable(email)) throw identityError("address-refused");
};

/**
 * Before a sign-in: refuses blocked and disabled accounts, and draws the session's id into the token. It only draws: Firebase
 * asks this also for sign-ins that then fail. `session-start` makes the session.
 */
export const admitSignIn = async (
  deps: Pick<IdentityDeps, "blocks" | "clock" | "random">,
  event: Pick<AuthBlockingEvent, "data" | "ipAddress">,
): Promise<{ sessionClaims: { sid: string } }> => {
  const uid = event.data?.uid;
  if (uid === undefined || event.data?.disabled === true) throw identityError("sign-in-refused");
  const who = event.ipAddress ? { uid, networkPrefix: networkPrefix(event.ipAddress) } : { uid };
  const blocked = await findBlock(deps, who, deps.clock());
  if (blocked !== undefined) throw identityError("sign-in-refused");
  return { sessionClaims: { sid: randomId(deps.random) } };
};
