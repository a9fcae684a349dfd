import { config } from "../../config.js";
import type { Limit } from "../../kernel/limits.js";
import { networkPrefix } from "../../kernel/network.js";
import { HOUR, type EpochMs } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import type { Assurance } from "../../platform/session.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { Lost } from "../factors/reset-ledger.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { carryOut } from "./carry-out.js";
import type { RecoveryDeps } from "./deps.js";
import { FACTORS_SCOPE, RECOVERY_SCOPE, suffices, type Evidence } from "./paths.js";
import { prove, sameHash, slotOf, spendAttempt, type OwnRecovery } from "./recovery.js";
import { hashCode, hashToken } from "./secrets.js";
import { tellRecovery } from "./tell-recovery.js";

/** The piece shown beside the link. */
export type Second =
  | { readonly method: "address-code" | "backup-code"; readonly code: string }
  | { readonly method: "passkey"; readonly challenge: string; readonly response: unknown };

export interface FinishRequest {
  /** From the mailed link. */
  readonly token: string;
  readonly second: Second;
  readonly lost: Lost;
}

/**
 * Ends a recovery: the link and one more piece remove the lost factors and all backup codes, end every other session and all
 * trust in devices, and open the factors of this session for `config.session.stepUpMs`. Its assurance stays what it was.
 * The attempt is spent before anything is looked at; of all that submit one link, one gets through.
 *
 * @throws identity/recovery-rejected whatever is wrong with link or code; as a step-up does for backup code and passkey
 */
export const finishRecovery = async (
  deps: RecoveryDeps,
  caller: Caller,
  request: FinishRequest,
): Promise<{ assurance: Assurance; scope: string; until: EpochMs }> => {
  const { sid, aal } = sessionOf(caller);
  await deps.limiter("identity-recovery-finish", PER_NETWORK, networkPrefix(caller.ip));
  const slot = slotOf("own", caller.uid);
  const spent = await deps.recoveries.apply(slot, (now) => spendAttempt(now, deps.clock()));
  if (spent === undefined) throw await rejected(deps, caller, "none-open");
  if (!sameHash(spent.linkHash, hashToken(request.token))) throw await rejected(deps, caller, "link");
  const evidence: Evidence[] = ["link", await showSecond(deps, caller, { recovery: spent, second: request.second })];
  if (!suffices("two-pieces", evidence)) throw await rejected(deps, caller, "evidence");
  const at = deps.clock();
  const proof = { round: spent.round, at, sid, evidence, lost: request.lost };
  const won = await deps.recoveries.apply(slot, (now) => prove(now, proof));
  if (won === undefined) throw await rejected(deps, caller, "used");
  await carryOut(deps, won);
  return { assurance: aal, scope: FACTORS_SCOPE, until: at + config.session.stepUpMs };
};

const PER_NETWORK: Limit = { permits: 60, perMs: HOUR, by: "network", store: "shared", whenDown: "refuse" };

const showSecond = async (
  deps: RecoveryDeps,
  caller: Caller,
  { recovery, second }: { recovery: OwnRecovery; second: Second },
): Promise<Evidence> => {
  if (second.method === "address-code") {
    const shown = await hashCode(deps, recovery, second.code);
    if (!sameHash(recovery.codeHash ?? "", shown)) throw await rejected(deps, caller, "code");
    return "address-code";
  }
  const proof = second.method === "passkey" ? second : ({ method: "backup-code", code: second.code } as const);
  await deps.verify({ session: sessionOf(caller), proof, scope: RECOVERY_SCOPE, ip: caller.ip });
  return second.method;
};

// One sentence for everything: a caller learns nothing of which piece was right.
const rejected = async (deps: RecoveryDeps, caller: Caller, reason: string) => {
  await tellRecovery(deps, identityEvent["recovery-rejected"], { caller, outcome: "failure", detail: { reason } });
  return identityError("recovery-rejected");
};
