import type { EpochMs } from "../../kernel/time.js";
import type { RotatingHash } from "../../platform/session.js";

/** `rotated`: the next is in force. `done`: it was already. `lost`: another rotation from the same secret was quicker. */
export type Rotation = "rotated" | "done" | "lost" | "unknown";

/**
 * Goes over from the secret that was shown to the next one. Of many that go over from one secret, one wins; the others still
 * hold what is good for the length of the grace, and take over the winner's. Pure: hashes only.
 */
export const rotate = (
  kept: RotatingHash,
  by: { shown: string; next: string; at: EpochMs; graceMs: number },
): { outcome: Rotation; secret: RotatingHash } => {
  const { shown, next, at, graceMs } = by;
  // A secret that was in force does not come back: a copy of it would live again.
  if (next === kept.hash) return { outcome: shown === kept.hash ? "unknown" : "done", secret: kept };
  if (next === kept.previous) return { outcome: "unknown", secret: kept };
  if (shown === kept.previous) return { outcome: "lost", secret: kept };
  if (shown !== kept.hash) return { outcome: "unknown", secret: kept };
  return {
    outcome: "rotated",
    secret: { hash: next, rotatedAt: at, previous: kept.hash, previousUntil: at + graceMs },
  };
};
