import { config } from "../config.js";
import type { SecurityEvent } from "../kernel/event.js";
import type { EventType } from "../kernel/event.js";
import type { StepUpProof } from "../platform/gate-ports.js";
import type { Session } from "../platform/session.js";
import { hashBackupCode, readBackupCode } from "./backup-codes.js";
import type { IdentityDeps } from "./deps.js";
import { identityError } from "./errors.js";
import { identityEvent } from "./events.js";
import type { Factors, Method } from "./factors.js";
import { isTotpCode, matchStep } from "./totp.js";

type Deps = Pick<IdentityDeps, "factors" | "encryption" | "record" | "clock">;

/** A second factor as it was given, and from where. */
export interface GivenFactor {
  readonly session: Session;
  readonly proof: StepUpProof;
  /** The caller's address; without it the session's network is told. */
  readonly ip?: string;
}

/**
 * Accepts the code or throws. The attempt is spent before the code is looked at, so that guesses that race are counted all
 * the same; the code is used up in the same step that accepts it.
 */
export const verifyFactor = async (deps: Deps, given: GivenFactor): Promise<{ remaining?: number }> => {
  const { session, proof } = given;
  const code = wellFormed(proof);
  const taken = await deps.factors.takeAttempt(session.uid, proof.method, deps.clock());
  if (!taken.ok) throw refusal(taken);
  const refused = async (reason: string): Promise<never> => {
    await tellRejected(deps, given, { reason, ...taken });
    throw identityError("code-rejected");
  };
  if (proof.method === "totp")
    return (await acceptTotp(deps, session.uid, code, taken.factors)) ?? refused("wrong-or-used");
  const remaining = await deps.factors.spendCode(session.uid, await hashBackupCode(deps, session.uid, code));
  return remaining === undefined ? refused("wrong-or-used") : { remaining };
};

export const tellFactor = (type: EventType, outcome: SecurityEvent["outcome"], given: GivenFactor): SecurityEvent => ({
  type,
  outcome,
  subject: given.session.uid,
  session: given.session.sid,
  ip: given.ip ?? given.session.networkPrefix.slice(0, given.session.networkPrefix.indexOf("/")),
  country: given.session.country,
  asn: given.session.asn,
});

const wellFormed = ({ method, code }: StepUpProof): string => {
  const read = method === "totp" ? (isTotpCode(code) ? code : undefined) : readBackupCode(code);
  if (read === undefined) throw identityError("code-malformed");
  return read;
};

const acceptTotp = async (deps: Deps, uid: string, code: string, { totp }: Factors): Promise<object | undefined> => {
  if (totp === undefined) return undefined;
  const place = { label: seedLabel(totp.id), subject: uid, token: totp.sealedSeed };
  const step = matchStep(await deps.encryption.openSecret(place), code, deps.clock());
  return step !== undefined && (await deps.factors.acceptStep(uid, totp.id, step)) ? {} : undefined;
};

/** Binds a sealed seed to its factor, beside the account. */
export const seedLabel = (factorId: string): string => `identity.totp/${factorId}`;

// An account without that factor gets the same answer as a wrong code: a caller learns nothing of the set-up.
const refusal = (taken: { why: "wait" | "disabled" | "missing"; retryAfterMs?: number }) => {
  if (taken.why === "wait")
    return identityError("too-many-attempts", { details: { retryAfterMs: taken.retryAfterMs } });
  return identityError(taken.why === "disabled" ? "factor-disabled" : "code-rejected");
};

const tellRejected = async (
  deps: Deps,
  given: GivenFactor,
  taken: { reason: string; left: number; failures: number },
): Promise<void> => {
  const method: Method = given.proof.method;
  const detail = { method, reason: taken.reason, failures: taken.failures };
  const tell = (type: EventType) => deps.record({ ...tellFactor(type, "failure", given), detail });
  await tell(identityEvent["factor-rejected"]);
  if (taken.left === 0) await tell(identityEvent["factor-exhausted"]);
  if (method === "totp" && taken.failures >= config.totp.lifetimeFailures) await tell(identityEvent["factor-disabled"]);
};
