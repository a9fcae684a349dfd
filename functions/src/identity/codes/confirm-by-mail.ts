import type { Caller } from "../../platform/secure-call.js";
import { requestError } from "../../platform/errors.js";
import { normalAddress } from "../addresses/addresses-of.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { hasFactor } from "../factors/factor-store.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { checkCode } from "./check-code.js";
import { hashCode, sameHash } from "./mail-code.js";
import { sendCode, type CodeDeps } from "./send-code.js";

type Deps = CodeDeps &
  Pick<IdentityDeps, "directory" | "factors" | "sessions"> & {
    /** Marks the account's address as confirmed at Firebase. */
    readonly verifyEmail: (uid: string) => Promise<void>;
  };

/** `risk`: meets the demand of a sign-in that looked unusual. `address`: confirms the account's address. */
export type MailPurpose = "risk" | "address";

const PURPOSES = { risk: "mailcode.risk", address: "mailcode.address" } as const;

/**
 * Mails a code to the account's own address. An account with a second factor meets a risky sign-in with that: a mailbox is
 * weaker, and would let a thief of password and mailbox go round it.
 */
export const sendMailCode = async (deps: Deps, caller: Caller, purpose: MailPurpose) => {
  const { uid } = caller;
  const { sid } = sessionOf(caller);
  const [status, factors] = await Promise.all([deps.directory.status(uid), deps.factors.find(uid)]);
  if (status?.email === undefined) throw identityError("address-missing");
  if (purpose === "risk" && hasFactor(factors))
    throw requestError("method-too-weak", { details: { methods: ["totp", "backup-code", "passkey"] } });
  const address = status.email;
  const facts = { address: await hashCode(deps, uid, normalAddress(address)) };
  return sendCode(deps, { purpose: PURPOSES[purpose], place: sid, address, uid, sid, facts, own: true });
};

/** The code meets the demand of the sign-in's risk and, when it was sent for that, confirms the address. Never more. */
export const verifyMailCode = async (
  deps: Deps,
  caller: Caller,
  given: { challenge: string; code: string },
): Promise<{ assurance: 1; emailVerified: boolean; stepUpRequired: boolean }> => {
  const { uid, ip } = caller;
  const { sid } = sessionOf(caller);
  const { purpose, facts } = await checkCode(deps, { ...given, purpose: Object.values(PURPOSES), uid, sid, ip });
  const confirmed = purpose === PURPOSES.address && (await confirm(deps, caller, String(facts["address"])));
  // An account that has got a factor since is not let round it.
  const meets = purpose === PURPOSES.risk && !hasFactor(await deps.factors.find(uid));
  const raise = { uid, assurance: 1, at: deps.clock(), amr: ["email"] } as const;
  const session = meets ? await deps.sessions.raise(sid, raise) : sessionOf(caller);
  if (session === undefined) throw identityError("session-ended");
  const detail = { purpose, assurance: 1 };
  await deps.record({
    type: identityEvent["mailcode-accepted"],
    outcome: "success",
    subject: uid,
    session: sid,
    ip,
    detail,
  });
  return { assurance: 1, emailVerified: confirmed, stepUpRequired: session.stepUpRequired };
};

/** The code went to the address that the account had then: only that one is confirmed. */
const confirm = async (deps: Deps, { uid }: Caller, address: string): Promise<boolean> => {
  const email = (await deps.directory.status(uid))?.email;
  if (email === undefined || !sameHash(await hashCode(deps, uid, normalAddress(email)), address)) return false;
  await deps.verifyEmail(uid);
  return true;
};
