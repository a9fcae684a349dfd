import { timingSafeEqual } from "node:crypto";
import { config } from "../config.js";
import type { EpochMs } from "../kernel/time.js";
import { isDisabled, spendAttempt, type AttemptLimits, type Attempts } from "./attempts.js";

/** An authenticator app in use. */
export interface TotpFactor {
  readonly id: string;
  /** The seed as a RED token, bound to the account and this factor's id. */
  readonly sealedSeed: Uint8Array;
  readonly enrolledAt: EpochMs;
  /** The last time step a code was accepted for; no code of it or of an earlier one is accepted again. */
  readonly lastStep: number;
}

/** A set-up that waits for its first code, in the session that began it. */
export interface PendingTotp {
  readonly id: string;
  readonly sealedSeed: Uint8Array;
  readonly sid: string;
  readonly expiresAt: EpochMs;
}

export interface BackupCodes {
  /** Keyed hashes of the codes not yet used. */
  readonly hashes: readonly Uint8Array[];
  readonly createdAt: EpochMs;
}

/** The document `secFactors/{uid}`: what the account can be asked for. */
export interface Factors {
  readonly totp?: TotpFactor;
  readonly pending?: PendingTotp;
  readonly backup?: BackupCodes;
  readonly attempts: Readonly<Partial<Record<Method, Attempts>>>;
}

export type Method = "totp" | "backup-code";

const { limit, windowMs, maxPauseMs } = config.totp.attempts;

// A backup code has 120 bits: it cannot be guessed, so failures slow the caller down but never lock the way back in.
export const ATTEMPT_LIMITS: Readonly<Record<Method, AttemptLimits>> = {
  totp: { limit, windowMs, maxPauseMs, lifetime: config.totp.lifetimeFailures },
  "backup-code": { limit, windowMs, maxPauseMs },
};

export const NO_FACTORS: Factors = { attempts: {} };

/** What a transition answers, and the ledger after it; without `next` nothing is written. */
export interface Step<Answer> {
  readonly answer: Answer;
  readonly next?: Factors;
}

/** Which methods can be asked for now. */
export const usableMethods = (factors: Factors | undefined): Method[] => [
  ...(factors?.totp !== undefined && !isTotpDisabled(factors) ? (["totp"] as const) : []),
  ...((factors?.backup?.hashes.length ?? 0) > 0 ? (["backup-code"] as const) : []),
];

export const isTotpDisabled = (factors: Factors): boolean => isDisabled(factors.attempts.totp, ATTEMPT_LIMITS.totp);

export type TakenAttempt =
  | { readonly ok: true; readonly factors: Factors; readonly left: number; readonly failures: number }
  | { readonly ok: false; readonly why: "wait"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly why: "disabled" | "missing" };

export const takeAttempt = (factors: Factors, method: Method, now: EpochMs): Step<TakenAttempt> => {
  if ((method === "totp" ? factors.totp : factors.backup) === undefined)
    return { answer: { ok: false, why: "missing" } };
  const verdict = spendAttempt(factors.attempts[method], now, ATTEMPT_LIMITS[method]);
  if (!verdict.ok) return { answer: verdict };
  const next = { ...factors, attempts: { ...factors.attempts, [method]: verdict.attempts } };
  return { next, answer: { ok: true, factors: next, left: verdict.left, failures: verdict.attempts.failures } };
};

export const beginTotp = (factors: Factors, pending: PendingTotp): Step<undefined> => ({
  next: { ...factors, pending },
  answer: undefined,
});

/** The pending set-up becomes the factor: earlier factor, codes and failures are gone. False when another was quicker. */
export const activateTotp = (
  factors: Factors,
  by: { pendingId: string; step: number; hashes: readonly Uint8Array[]; at: EpochMs },
): Step<boolean> => {
  const { pending } = factors;
  if (pending?.id !== by.pendingId || by.at >= pending.expiresAt) return { answer: false };
  const totp = { id: pending.id, sealedSeed: pending.sealedSeed, enrolledAt: by.at, lastStep: by.step };
  return { next: { totp, backup: { hashes: by.hashes, createdAt: by.at }, attempts: {} }, answer: true };
};

/** Uses a time step up and forgives the failures. False when it, or a later one, was used, or the factor is another by now. */
export const acceptStep = (factors: Factors, factorId: string, step: number): Step<boolean> => {
  const { totp } = factors;
  if (totp?.id !== factorId || step <= totp.lastStep) return { answer: false };
  return { next: { ...factors, totp: { ...totp, lastStep: step }, attempts: forgive(factors, "totp") }, answer: true };
};

/** Uses a backup code up: how many are left, or undefined when there is no such code. */
export const spendCode = (factors: Factors, hash: Uint8Array): Step<number | undefined> => {
  const { backup } = factors;
  if (backup === undefined) return { answer: undefined };
  // Every stored hash is compared, whichever matches: time tells nothing.
  const hashes = backup.hashes.filter((stored) => !equal(stored, hash));
  if (hashes.length === backup.hashes.length) return { answer: undefined };
  const next = { ...factors, backup: { ...backup, hashes }, attempts: forgive(factors, "backup-code") };
  return { next, answer: hashes.length };
};

/** False when there is no factor for the codes to stand in for. */
export const replaceCodes = (factors: Factors, hashes: readonly Uint8Array[], at: EpochMs): Step<boolean> => {
  if (factors.totp === undefined) return { answer: false };
  return { next: { ...factors, backup: { hashes, createdAt: at } }, answer: true };
};

/** The authenticator app is the only kind of factor yet, so its end is the end of the backup codes. */
export const removeTotp = (factors: Factors): Step<boolean> =>
  factors.totp === undefined ? { answer: false } : { next: NO_FACTORS, answer: true };

const forgive = (factors: Factors, method: Method): Factors["attempts"] =>
  Object.fromEntries(Object.entries(factors.attempts).filter(([name]) => name !== method));

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
