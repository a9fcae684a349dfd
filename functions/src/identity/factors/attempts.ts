import type { EpochMs } from "../../kernel/time.js";

/** Attempts since the last success. Every attempt counts as a failure until it succeeds. */
export interface Attempts {
  /** Consecutive, over all bursts. */
  readonly failures: number;
  /** Those with less than a pause between them. */
  readonly burst: number;
  readonly lastAt: EpochMs;
}

export interface AttemptLimits {
  /** Attempts in one burst. */
  readonly limit: number;
  /** The first pause; it doubles with every burst that failed, up to `maxPauseMs`. */
  readonly windowMs: number;
  readonly maxPauseMs: number;
  /** Consecutive failures that disable the factor for good; absent for secrets that cannot be guessed. */
  readonly lifetime?: number;
}

export type AttemptVerdict =
  | { readonly ok: true; readonly attempts: Attempts; readonly left: number }
  | { readonly ok: false; readonly why: "wait"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly why: "disabled" };

/** Spends one attempt, or says why there is none. Pure: the store makes it atomic. */
export const spendAttempt = (spent: Attempts | undefined, now: EpochMs, limits: AttemptLimits): AttemptVerdict => {
  const { failures, burst, lastAt } = spent ?? { failures: 0, burst: 0, lastAt: now };
  if (isDisabled(spent, limits)) return { ok: false, why: "disabled" };
  const full = burst >= limits.limit;
  const freeAt = lastAt + (full ? pauseAfter(failures, limits) : limits.windowMs);
  if (full && now < freeAt) return { ok: false, why: "wait", retryAfterMs: freeAt - now };
  const next = { failures: failures + 1, burst: now < freeAt ? burst + 1 : 1, lastAt: Math.max(now, lastAt) };
  return { ok: true, attempts: next, left: limits.limit - next.burst };
};

export const isDisabled = (spent: Attempts | undefined, limits: AttemptLimits): boolean =>
  limits.lifetime !== undefined && (spent?.failures ?? 0) >= limits.lifetime;

const pauseAfter = (failures: number, limits: AttemptLimits): number => {
  const bursts = Math.max(1, Math.floor(failures / limits.limit));
  return Math.min(limits.windowMs * 2 ** Math.min(bursts - 1, 10), limits.maxPauseMs);
};
