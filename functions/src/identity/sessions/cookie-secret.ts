import type { EpochMs } from "../../kernel/time.js";
import type { RotatingHash } from "../../platform/session.js";

/** `stolen`: one that was replaced, long after its successor came into use. */
export type CookieVerdict = "good" | "stolen" | "unknown";

export interface JudgedCookie {
  readonly verdict: CookieVerdict;
  /** What to keep from now on; absent when nothing changes. */
  readonly next?: RotatingHash;
  /** The fresh secret is in force: it must reach the browser. */
  readonly issued: boolean;
}

/**
 * Judges the secret of a cookie, and goes over to a fresh one when it has grown old. A browser may leave before the answer
 * comes: so the secret before is good until its successor was seen once, and for the grace after that. Shown later, somebody
 * else holds a copy. Pure: hashes only.
 *
 * @param fresh hash of a secret drawn for this call
 */
export const judgeCookie = (
  kept: RotatingHash,
  shown: string,
  by: { fresh: string; now: EpochMs; rotateMs: number; graceMs: number },
): JudgedCookie => {
  const { now, graceMs } = by;
  const unseen = kept.previous !== undefined && kept.previousUntil === undefined;
  const goOver = (previous: string): JudgedCookie => ({
    verdict: "good",
    issued: true,
    next: { hash: by.fresh, rotatedAt: now, previous },
  });
  if (shown === kept.hash) {
    if (unseen) return { verdict: "good", issued: false, next: { ...kept, previousUntil: now + graceMs } };
    return now - kept.rotatedAt >= by.rotateMs ? goOver(kept.hash) : { verdict: "good", issued: false };
  }
  if (kept.previous === undefined || shown !== kept.previous) return { verdict: "unknown", issued: false };
  // The successor never arrived: it is void, and another one goes out.
  if (unseen) return now - kept.rotatedAt >= graceMs ? goOver(kept.previous) : { verdict: "good", issued: false };
  return { verdict: now < (kept.previousUntil ?? 0) ? "good" : "stolen", issued: false };
};
