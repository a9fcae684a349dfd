import { config } from "../../config.js";
import type { Verdict } from "../../detection/index.js";
import { networkPrefix } from "../../kernel/network.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Assurance } from "../../platform/session.js";
import { findBlock } from "../accounts/block-access.js";
import { admitProvider } from "../accounts/providers.js";
import type { AuthStatus } from "../accounts/auth-directory.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { usableMethods, type Factors } from "../factors/factors.js";
import { hasFactor } from "../factors/factor-store.js";
import { learnFrom } from "./learn-sign-in.js";
import { newSession } from "./new-session.js";
import { replaceOldest } from "./revoke-sessions.js";
import { isLive, type Account, type StoredSession } from "./session-store.js";
import { provenKey, type SignIn } from "./sign-in.js";
import { refused, tellStarted } from "./tell-sign-in.js";

/** What an account can be asked for: its second factors, or a code by mail, which meets the demand of risk and no other. */
export type AskedFor = ReturnType<typeof usableMethods>[number] | "email-code";

export interface StartedSession {
  readonly sid: string;
  readonly expiresAt: EpochMs;
  readonly assurance: Assurance;
  readonly stepUpRequired: boolean;
  readonly reasons: string[];
  readonly methods: AskedFor[];
}

/**
 * The one policy of every sign-in, whoever checked its first factor: closed and blocked accounts, risk, then the session, the
 * audit event and the notices. The sign-in must be fresh, so that an old stolen token starts nothing; its `sid` starts one
 * session ever, so that a revoked one does not come back; asking again answers the session that lives.
 *
 * @throws identity/sign-in-stale, -sign-in-refused, -session-taken, -binding-rejected, -provider-refused
 */
export const beginSession = async (deps: IdentityDeps, signIn: SignIn): Promise<StartedSession> => {
  const now = deps.clock();
  if (now - signIn.signedInAt > config.session.startWithinMs) throw identityError("sign-in-stale");
  const jkt = provenKey(signIn);
  const known = await deps.sessions.find(signIn.sid);
  if (known !== undefined) return resume(deps, known, signIn, now);
  admitProvider(signIn.provider, "session");
  const status = await admit(deps, signIn, now);
  const [factors, verdict, trusted] = await Promise.all([
    deps.factors.find(signIn.uid),
    deps.detection.assessSignIn(factsOf(signIn, now)),
    jkt === undefined ? false : deps.devices.isTrusted(signIn.uid, jkt, now),
  ]);
  if (verdict.action === "block") throw await refused(deps, signIn, "risk", verdict);
  const stepUpRequired = mustStepUp({ signIn, verdict, factors, status, trusted });
  const build = (account: Account) => newSession({ signIn, jkt, account, verdict, stepUpRequired, trusted, now });
  const { uid, sid, signedInAt } = signIn;
  const started = await deps.sessions.start({ uid, sid, signedInAt, at: now, build });
  if (started.outcome === "signed-out") throw identityError("sign-in-stale");
  if (started.outcome === "exists") return resume(deps, started.session, signIn, now);
  await replaceOldest(deps, started.session);
  await tellStarted(deps, signIn, { ...started, verdict });
  // A sign-in that stands is learned now; one that must show more, when it has; one in doubt, never.
  if (verdict.action === "allow" || trusted || (hasFactor(factors) && !stepUpRequired))
    await learnFrom(deps, started.session);
  return answer(started.session, factors);
};

const factsOf = ({ uid, visitor: { ip, userAgent }, device }: SignIn, at: EpochMs) => ({
  uid,
  ip,
  userAgent,
  deviceName: device.name,
  at,
});

/**
 * A risky sign-in shows a second factor, or at least that it reads the account's mail. With neither to ask for it stands,
 * marked by its reasons: locking its owner out would be worse. A trusted device is friction saved, below the level of refusal.
 */
const mustStepUp = (found: {
  signIn: SignIn;
  verdict: Verdict;
  factors: Factors | undefined;
  status: AuthStatus;
  trusted: boolean;
}): boolean => {
  const { signIn, verdict, factors, status, trusted } = found;
  if (verdict.action !== "step-up" || trusted || signIn.assurance > 1) return false;
  // A sign-in by mail: asking for more of the same would show nothing new.
  return hasFactor(factors) || (canBeMailed(status) && !signIn.amr.includes("email"));
};

const canBeMailed = ({ email, emailVerified }: AuthStatus): boolean => email !== undefined && emailVerified;

/**
 * Asked again, by a client that lost the answer: the session as it is, never a new one under the same id. A bound session is
 * answered to its own key only; the `sid` may have been read off a stolen token.
 */
const resume = async (
  deps: IdentityDeps,
  session: StoredSession,
  signIn: SignIn,
  now: EpochMs,
): Promise<StartedSession> => {
  const { uid, visitor, tenant } = signIn;
  const isSame = session.uid === uid && session.tenant === tenant && isLive(session, now);
  if (!isSame || (session.jkt !== undefined && visitor.device?.jkt !== session.jkt))
    throw identityError("session-taken");
  return answer(session, await deps.factors.find(uid));
};

const answer = (session: StoredSession, factors: Factors | undefined): StartedSession => ({
  sid: session.sid,
  expiresAt: session.absoluteExpiresAt,
  assurance: session.aal,
  stepUpRequired: session.stepUpRequired,
  reasons: [...session.riskReasons],
  methods: askable(session, factors),
});

/** What the account can be asked for in this session. */
export const askable = (session: Pick<StoredSession, "stepUpRequired">, factors: Factors | undefined): AskedFor[] =>
  session.stepUpRequired && !hasFactor(factors) ? ["email-code"] : usableMethods(factors);

/** Blocks of ours, and what Firebase says of the account: the one place that asks whether the sign-in was revoked there. */
const admit = async (deps: IdentityDeps, signIn: SignIn, now: EpochMs): Promise<AuthStatus> => {
  const { uid, visitor, signedInAt } = signIn;
  const [blocked, status] = await Promise.all([
    findBlock(deps, { uid, networkPrefix: networkPrefix(visitor.ip) }, now),
    deps.directory.status(uid),
  ]);
  if (blocked !== undefined) throw await refused(deps, signIn, "blocked");
  if (status === undefined || status.disabled) throw await refused(deps, signIn, "account-closed");
  if (signedInAt < status.tokensValidAfter) throw identityError("sign-in-stale");
  return status;
};
