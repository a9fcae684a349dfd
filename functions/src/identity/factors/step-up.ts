import { config } from "../../config.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { tellBackupUse } from "../recovery/tell-backup-use.js";
import { learnFrom } from "../sessions/learn-sign-in.js";
import type { StoredSession } from "../sessions/session-store.js";
import { tellFactor, type GivenFactor } from "./given-factor.js";
import { verifyFactor } from "./verify-factor.js";

type Deps = Pick<
  IdentityDeps,
  "factors" | "challenges" | "sessions" | "encryption" | "detection" | "record" | "notify" | "rp" | "clock"
>;

/** Verifies the second factor and raises the session. A risky sign-in stands from here on, and is learned. */
export const stepUpWith = async (deps: Deps, request: GivenFactor): Promise<StoredSession> =>
  (await stepUpCounting(deps, request)).session;

/** As `stepUpWith`; also how many backup codes are left, when one was used. */
export const stepUpCounting = async (
  deps: Deps,
  request: GivenFactor,
): Promise<{ session: StoredSession; remaining?: number; until: number }> => {
  const { session: before, proof, scope, transaction } = request;
  const { amr, assurance, remaining } = await verifyFactor(deps, request);
  const at = deps.clock();
  const session = await deps.sessions.raise(before.sid, {
    uid: before.uid,
    scope,
    ...(transaction !== undefined && { transaction }),
    assurance,
    at,
    amr,
  });
  if (session === undefined) throw identityError("session-ended");
  await deps.record({
    ...tellFactor(identityEvent["factor-accepted"], "success", request),
    detail: {
      method: proof.method,
      scope,
      assurance: session.aal,
      assuranceBefore: before.aal,
      ...(remaining !== undefined && { remaining }),
    },
  });
  if (remaining !== undefined) await tellBackupUse(deps, { session, scope, remaining });
  if (remaining !== undefined && remaining <= config.backupCodes.lowAt) await tellLow(deps, request, remaining);
  if (before.stepUpRequired) await learnFrom(deps, session);
  return { session, until: at + config.session.stepUpMs, ...(remaining !== undefined && { remaining }) };
};

const tellLow = (deps: Deps, { session }: GivenFactor, remaining: number): Promise<void> =>
  deps.notify({
    id: `codes-low.${session.sid}.${String(remaining)}`,
    uid: session.uid,
    kind: "codes-low",
    sid: session.sid,
    facts: { remaining },
  });
