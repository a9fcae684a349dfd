import type { EpochMs } from "../../kernel/time.js";
import { identityEvent } from "../events.js";
import { revokeAll } from "../sessions/revoke-sessions.js";
import type { SessionStep, StoredSession } from "../sessions/session-store.js";
import type { RecoveryDeps } from "./deps.js";
import { FACTORS_SCOPE } from "./paths.js";
import { finish, idOf, slotOf, type Recovery } from "./recovery.js";
import { stopOther } from "./stop-recovery.js";
import { tellRecovery } from "./tell-recovery.js";

/**
 * Carries a proven recovery out. Every step may be done twice, and everything before the last one is done again when it was
 * cut short (`identity-reset-run` sees to it), so that it ends the same wherever it died. Sessions end before factors go:
 * there is no moment at which somebody else's session meets an account without a second factor.
 */
export const carryOut = async (deps: RecoveryDeps, recovery: Recovery): Promise<void> => {
  const { uid, lost, provenAt: before = 0 } = recovery;
  await endSessions(deps, recovery, before);
  const gone = await deps.factors.reset(uid, { ...lost, before });
  if (gone.totp) await tellRemoved(deps, recovery, "totp");
  if (gone.passkeys > 0) await tellRemoved(deps, recovery, "passkey");
  if (recovery.kind === "own" && recovery.sid !== undefined)
    await deps.sessions.change(recovery.sid, deps.clock(), (session) => recovered(session, before));
  await stopOther(deps, recovery);
  await tell(deps, recovery);
  await deps.recoveries.apply(slotOf(recovery.kind, uid), (now) =>
    finish(now, { round: recovery.round, at: deps.clock() }),
  );
};

/** The session may set up a factor now, and nothing else more than before: two mails are no second factor. */
const recovered = (session: StoredSession, at: EpochMs): SessionStep<undefined> => ({
  next: {
    amr: [...new Set([...session.amr, "recovery"])],
    stepUp: { ...session.stepUp, [FACTORS_SCOPE]: { at } },
    stepUpRequired: false,
  },
  answer: undefined,
});

const endSessions = async (deps: RecoveryDeps, recovery: Recovery, at: EpochMs): Promise<void> => {
  if (recovery.kind === "reset") return void (await revokeAll(deps, recovery.uid, "reset"));
  const except = recovery.sid === undefined ? {} : { except: recovery.sid };
  const count = await deps.sessions.signOut(recovery.uid, { at, because: "recovery", ...except });
  await deps.devices.distrustAll(recovery.uid);
  if (count > 0)
    await tellRecovery(deps, identityEvent["session-revoked"], {
      uid: recovery.uid,
      detail: { reason: "recovery", count },
    });
};

const tellRemoved = (deps: RecoveryDeps, { uid }: Recovery, method: string): Promise<void> =>
  tellRecovery(deps, identityEvent["factor-removed"], { uid, detail: { method, reason: "recovery" } });

const tell = async (deps: RecoveryDeps, recovery: Recovery): Promise<void> => {
  const { uid, lost, evidence = [] } = recovery;
  const own = recovery.kind === "own";
  await tellRecovery(deps, identityEvent[own ? "recovery-finished" : "reset-finished"], {
    uid,
    detail: {
      evidence: [...evidence],
      totp: lost.totp,
      passkeys: lost.passkeys === "all" ? "all" : lost.passkeys.length,
    },
  });
  const sid = own && recovery.sid !== undefined ? { sid: recovery.sid } : {};
  const method = evidence.join(" and ").replaceAll("-", " ");
  await deps.notify({ id: `${idOf(recovery)}.used`, uid, kind: "recovery-used", ...sid, facts: { method } });
};
