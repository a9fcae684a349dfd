import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { sessionOf } from "./revoke-sessions.js";
import { rotate } from "./rotating-hash.js";

export interface RotatedSecret {
  /** False: another rotation was quicker. Take its secret from where this device keeps it, and go on. */
  readonly rotated: boolean;
  readonly rotatedAt: EpochMs;
  /** Until when the secret before it is good. */
  readonly previousUntil: EpochMs;
}

/**
 * Replaces the session's secret by one that the device drew and has kept already; the call's own proof shows the present one.
 * Asked again with the same `next` it answers the same, so that a lost answer costs nothing.
 *
 * @throws identity/session-unbound, -secret-rejected, -session-ended
 */
export const rotateSecret = async (
  deps: Pick<IdentityDeps, "sessions" | "clock">,
  caller: Caller,
  next: string,
): Promise<RotatedSecret> => {
  const { sid, secret: bound } = sessionOf(caller);
  const shown = caller.device?.secretHash;
  if (bound === undefined) throw identityError("session-unbound");
  if (shown === undefined) throw identityError("secret-rejected");
  const at = deps.clock();
  const done = await deps.sessions.change(sid, at, ({ secret }) => {
    if (secret === undefined) return { answer: undefined };
    const rotation = rotate(secret, { shown, next, at, graceMs: config.session.secretGraceMs });
    return { answer: rotation, ...(rotation.outcome === "rotated" && { next: { secret: rotation.secret } }) };
  });
  if (done === undefined) throw identityError("session-ended");
  if (done.outcome === "unknown") throw identityError("secret-rejected");
  const { rotatedAt, previousUntil = rotatedAt } = done.secret;
  return { rotated: done.outcome !== "lost", rotatedAt, previousUntil };
};
