import { config } from "../../config.js";
import type { EventType } from "../../kernel/event.js";
import type { StepUpProof } from "../../platform/gate-ports.js";
import type { Assurance } from "../../platform/session.js";
import { hashBackupCode, readBackupCode } from "./backup-codes.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { checkPasskey } from "../passkeys/check-passkey.js";
import type { Factors } from "./factors.js";
import { tellFactor, type GivenFactor } from "./given-factor.js";
import { isTotpCode, matchStep } from "./totp.js";

type Deps = Pick<IdentityDeps, "factors" | "challenges" | "encryption" | "record" | "rp" | "clock">;

/** What an accepted factor adds to its session. */
export interface Verified {
  /** RFC 8176 names. */
  readonly amr: readonly string[];
  readonly assurance: Assurance;
  /** Backup codes left, when one was used. */
  readonly remaining?: number;
}

/** Accepts the factor or throws. */
export const verifyFactor = (deps: Deps, given: GivenFactor): Promise<Verified> => {
  const { proof, ...rest } = given;
  return proof.method === "passkey" ? checkPasskey(deps, { ...rest, proof }) : verifyCode(deps, { ...rest, proof });
};

type GivenCode = GivenFactor & { readonly proof: Exclude<StepUpProof, { method: "passkey" }> };

// The attempt is spent before the code is looked at, so that guesses that race are counted all the same; the code is used up in
// the same step that accepts it.
const verifyCode = async (deps: Deps, given: GivenCode): Promise<Verified> => {
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
  // RFC 8176 has no name for a look-up secret.
  return remaining === undefined ? refused("wrong-or-used") : { amr: ["backup"], assurance: 2, remaining };
};

const wellFormed = ({ method, code }: GivenCode["proof"]): string => {
  const read = method === "totp" ? (isTotpCode(code) ? code : undefined) : readBackupCode(code);
  if (read === undefined) throw identityError("code-malformed");
  return read;
};

const acceptTotp = async (deps: Deps, uid: string, code: string, { totp }: Factors): Promise<Verified | undefined> => {
  if (totp === undefined) return undefined;
  const place = { label: seedLabel(totp.id), subject: uid, token: totp.sealedSeed };
  const step = matchStep(await deps.encryption.openSecret(place), code, deps.clock());
  if (step === undefined || !(await deps.factors.acceptStep(uid, totp.id, step))) return undefined;
  return { amr: ["otp"], assurance: 2 };
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
  given: GivenCode,
  taken: { reason: string; left: number; failures: number },
): Promise<void> => {
  const { method } = given.proof;
  const detail = { method, reason: taken.reason, failures: taken.failures };
  const tell = (type: EventType) => deps.record({ ...tellFactor(type, "failure", given), detail });
  await tell(identityEvent["factor-rejected"]);
  if (taken.left === 0) await tell(identityEvent["factor-exhausted"]);
  if (method === "totp" && taken.failures >= config.totp.lifetimeFailures) await tell(identityEvent["factor-disabled"]);
};
