import type { AuthBlockingEvent } from "firebase-functions/v2/identity";
import { networkPrefix } from "../../kernel/network.js";
import { randomId } from "../../kernel/random.js";
import { findBlock } from "./block-access.js";
import type { IdentityDeps } from "../deps.js";
import { isDisposable } from "./disposable-address.js";
import { identityError } from "../errors.js";
import { admitProvider } from "./providers.js";

type BlockingEvent = Pick<AuthBlockingEvent, "data" | "ipAddress" | "eventType" | "credential" | "additionalUserInfo">;

/**
 * Before an account is made: refuses ways to sign in that are not allowed, disposable addresses, and addresses that the
 * provider does not vouch for (whoever signs up with somebody else's would own their account); and does nothing else. Firebase
 * asks this also for sign-ups that then fail, so there is no side effect; security settings are made with the first session.
 *
 * @throws identity/provider-refused, -address-refused, -address-unverified
 */
export const admitSignUp = (event: BlockingEvent): void => {
  const { checkedBy } = admitProvider(providerOf(event), "sign-in");
  const email = event.data?.email;
  if (email === undefined) return;
  if (isDisposable(email)) throw identityError("address-refused");
  if (checkedBy === "federation" && event.data?.emailVerified !== true) throw identityError("address-unverified");
};

/**
 * Before a sign-in: refuses blocked and disabled accounts and ways to sign in that are not allowed, and draws the session's id
 * into the token; beside it, that the sign-in was by a link in a mail, which the token does not tell. It only draws: Firebase asks this also for sign-ins that then fail, and again when a provider is linked.
 * `session-start` makes the session.
 *
 * @throws identity/provider-refused, -sign-in-refused
 */
export const admitSignIn = async (
  deps: Pick<IdentityDeps, "blocks" | "clock" | "random">,
  event: BlockingEvent,
): Promise<{ sessionClaims: { sid: string; via?: "emailLink" } }> => {
  const provider = providerOf(event);
  admitProvider(provider, "sign-in");
  const uid = event.data?.uid;
  if (uid === undefined || event.data?.disabled === true) throw identityError("sign-in-refused");
  const who = event.ipAddress ? { uid, networkPrefix: networkPrefix(event.ipAddress) } : { uid };
  const blocked = await findBlock(deps, who, deps.clock());
  if (blocked !== undefined) throw identityError("sign-in-refused");
  return { sessionClaims: { sid: randomId(deps.random), ...(provider === "emailLink" && { via: provider }) } };
};

// The event's type ends in the method, which tells a link by mail from a password; the other two call both `password`.
const providerOf = ({ eventType, credential, additionalUserInfo }: BlockingEvent): string | undefined =>
  /\.before\w+:(.+)$/.exec(eventType)?.[1] ?? credential?.signInMethod ?? additionalUserInfo?.providerId;
