import { timingSafeEqual } from "node:crypto";
import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import { isDisabled, spendAttempt, type AttemptLimits, type Attempts } from "./attempts.js";
import type { Passkey } from "./passkey.js";

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
  readonly passkeys: readonly Passkey[];
  /** WebAuthn's `user.id`: 32 random bytes, base64url, drawn with the first passkey. Says nothing of the account. */
  readonly userHandle?: string;
  readonly attempts: Readonly<Partial<Record<CodeMethod, Attempts>>>;
}

/** Second factors that are typed in, and so can be guessed at. */
export type CodeMethod = "totp" | "backup-code";
export type Method = CodeMethod | "passkey";

const { limit, windowMs, maxPauseMs } = config.totp.attempts;

// A backup code has 120 bits: it cannot be guessed, so failures slow the caller down but never lock the way back in.
export const ATTEMPT_LIMITS: Readonly<Record<CodeMethod, AttemptLimits>> = {
  totp: { limit, windowMs, maxPauseMs, lifetime: config.totp.lifetimeFailures },
  "backup-code": { limit, windowMs, maxPauseMs },
};

export const NO_FACTORS: Factors = { passkeys: [], attempts: {} };

/** What a transition answers, and the ledger after it; without `next` nothing is written. */
export interface Step<Answer> {
  readonly answer: Answer;
  readonly next?: Factors;
  /** Answered instead, and nothing written, when a passkey that `next` adds belongs to somebody already. */
  readonly taken?: Answer;
}

/** Whether the account can be asked for more than the first factor. One that was disabled for failures still counts. */
export const hasFactor = (factors: Factors | undefined): boolean =>
  factors !== undefined && (factors.totp !== undefined || factors.passkeys.length > 0);

/** Which methods can be asked for now. */
export const usableMethods = (factors: Factors | undefined): Method[] => [
  ...((factors?.passkeys.length ?? 0) > 0 ? (["passkey"] as const) : []),
  ...(factors?.totp !== undefined && !isTotpDisabled(factors) ? (["totp"] as const) : []),
  ...((factors?.backup?.hashes.length ?? 0) > 0 ? (["backup-code"] as const) : []),
];

export const isTotpDisabled = (factors: Factors): boolean => isDisabled(factors.attempts.totp, ATTEMPT_LIMITS.totp);

export type TakenAttempt =
  | { readonly ok: true; readonly factors: Factors; readonly left: number; readonly failures: number }
  | { readonly ok: false; readonly why: "wait"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly why: "disabled" | "missing" };

export const takeAttempt = (factors: Factors, method: CodeMethod, now: EpochMs): Step<TakenAttempt> => {
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

/**
 * The pending set-up becomes the factor, and its first code counts as used; the app before it is gone. Undefined when another
 * was quicker, else whether the backup codes are new: they are, unless another factor has given the account codes.
 */
export const activateTotp = (
  factors: Factors,
  by: { pendingId: string; step: number; hashes: readonly Uint8Array[]; at: EpochMs },
): Step<{ codesMade: boolean } | undefined> => {
  const { pending, ...rest } = factors;
  if (pending?.id !== by.pendingId || by.at >= pending.expiresAt) return { answer: undefined };
  const totp = { id: pending.id, sealedSeed: pending.sealedSeed, enrolledAt: by.at, lastStep: by.step };
  const codesMade = factors.passkeys.length === 0;
  const next = { ...rest, totp, attempts: forgive(factors, "totp") };
  return { next: codesMade ? withCodes(next, by.hashes, by.at) : next, answer: { codesMade } };
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
export const replaceCodes = (factors: Factors, hashes: readonly Uint8Array[], at: EpochMs): Step<boolean> =>
  hasFactor(factors) ? { next: withCodes(factors, hashes, at), answer: true } : { answer: false };

/** Removes the app, and a set-up that was begun; with the last factor every backup code dies. */
export const removeTotp = (factors: Factors): Step<boolean> => {
  const { totp, backup, passkeys, userHandle } = factors;
  if (totp === undefined) return { answer: false };
  const left = { ...(backup !== undefined && { backup }), ...(userHandle !== undefined && { userHandle }) };
  return { next: closed({ ...left, passkeys, attempts: forgive(factors, "totp") }), answer: true };
};

/** The ledger after a factor went: nothing but the user handle is left when it was the last. */
export const closed = (factors: Factors): Factors =>
  hasFactor(factors)
    ? factors
    : { ...NO_FACTORS, ...(factors.userHandle !== undefined && { userHandle: factors.userHandle }) };

/** Fresh codes; what was tried against earlier ones is forgotten with them. */
export const withCodes = (factors: Factors, hashes: readonly Uint8Array[], createdAt: EpochMs): Factors => ({
  ...factors,
  backup: { hashes, createdAt },
  attempts: forgive(factors, "backup-code"),
});

const forgive = (factors: Factors, method: CodeMethod): Factors["attempts"] =>
  Object.fromEntries(Object.entries(factors.attempts).filter(([name]) => name !== method));

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
