import type { EpochMs } from "./time.js";

/** `permits` calls per `perMs` for one subject, spread evenly with a burst of `permits` (GCRA, ITU-T I.371). */
export interface Limit {
  readonly permits: number;
  readonly perMs: number;
  /** Who is counted: the signed-in account, or the network address (per /24, or per /48 in IPv6). */
  readonly by: "account" | "network";
  /** `shared` counts over all instances in Firestore (1 read, 1 write); `instance` in this instance's memory. */
  readonly store: "shared" | "instance";
  /** What happens when the shared store cannot be reached. */
  readonly whenDown: "refuse" | "allow";
}

/** The theoretical arrival time after this call, or how long to wait. Pure: the caller stores `tat`. */
export const takePermit = (
  limit: Pick<Limit, "permits" | "perMs">,
  tat: EpochMs | undefined,
  now: EpochMs,
): { ok: true; tat: EpochMs } | { ok: false; retryAfterMs: number } => {
  const interval = limit.perMs / limit.permits;
  const next = Math.max(tat ?? now, now) + interval;
  const early = next - limit.perMs - now;
  return early > 0 ? { ok: false, retryAfterMs: Math.ceil(early) } : { ok: true, tat: next };
};
