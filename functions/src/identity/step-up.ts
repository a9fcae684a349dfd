import { config } from "../config.js";
import type { Scope } from "../platform/session.js";
import type { IdentityDeps } from "./deps.js";
import { identityError } from "./errors.js";
import { identityEvent } from "./events.js";
import type { Method } from "./factors.js";
import { learnFrom } from "./learn-sign-in.js";
import type { StoredSession } from "./session-store.js";
import { tellFactor, verifyFactor, type GivenFactor } from "./verify-factor.js";

type Deps = Pick<IdentityDeps, "factors" | "sessions" | "encryption" | "detection" | "record" | "clock">;

/** Verifies the second factor and raises the session. A risky sign-in stands from here on, and is learned. */
export const stepUpWith = async (deps: Deps, request: GivenFactor & { scope: Scope }): Promise<StoredSession> =>
  (await stepUpCounting(deps, request)).session;

/** As `stepUpWith`; also how many backup codes are left, when one was used. */
export const stepUpCounting = async (
  deps: Deps,
  request: GivenFactor & { scope: Scope },
): Promise<{ session: StoredSession; remaining?: number; until: number }> => {
  const { session: before, proof, scope } = request;
  const { remaining } = await verifyFactor(deps, request);
  const at = deps.clock();
  const session = await deps.sessions.raise(before.sid, { uid: before.uid, scope, at, amr: [AMR[proof.method]] });
  if (session === undefined) throw identityError("session-ended");
  await deps.record({
    ...tellFactor(identityEvent["factor-accepted"], "success", request),
    detail: { method: proof.method, scope, ...(remaining !== undefined && { remaining }) },
  });
  if (before.stepUpRequired) await learnFrom(deps, session);
  return { session, until: at + config.session.stepUpMs, ...(remaining !== undefined && { remaining }) };
};

// RFC 8176 knows `otp`; for a look-up secret it has no name.
const AMR: Readonly<Record<Method, string>> = { totp: "otp", "backup-code": "backup" };
