import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import { closed, type Factors, type Step } from "./factors.js";

/** Which factors a recovery takes away. */
export interface Lost {
  readonly totp: boolean;
  /** Credential ids. */
  readonly passkeys: "all" | readonly string[];
}

export interface ResetAnswer {
  readonly totp: boolean;
  readonly passkeys: number;
  readonly codes: number;
}

/**
 * What a recovery leaves: the lost factors are gone, and with them every backup code and every set-up that was begun. Only what
 * there was at `before` goes, so that doing it again never touches a factor that was set up since. One step, all or nothing.
 */
export const resetFactors = (factors: Factors, lost: Lost & { before: EpochMs }): Step<ResetAnswer> => {
  const { totp, pending, backup, ...rest } = factors;
  const gone = {
    totp: totp !== undefined && lost.totp && totp.enrolledAt <= lost.before,
    pending: pending !== undefined && pending.expiresAt - config.totp.pendingMs <= lost.before,
    backup: backup !== undefined && backup.createdAt <= lost.before,
  };
  const passkeys = factors.passkeys.filter(
    ({ id, createdAt }) => createdAt > lost.before || !(lost.passkeys === "all" || lost.passkeys.includes(id)),
  );
  const answer: ResetAnswer = {
    totp: gone.totp,
    passkeys: factors.passkeys.length - passkeys.length,
    codes: gone.backup ? (backup?.hashes.length ?? 0) : 0,
  };
  if (!gone.totp && !gone.pending && !gone.backup && answer.passkeys === 0) return { answer };
  const forgiven = [...(gone.totp ? ["totp"] : []), ...(gone.backup ? ["backup-code"] : [])];
  const next: Factors = {
    ...rest,
    ...(totp !== undefined && !gone.totp && { totp }),
    ...(pending !== undefined && !gone.pending && { pending }),
    ...(backup !== undefined && !gone.backup && { backup }),
    passkeys,
    attempts: Object.fromEntries(Object.entries(factors.attempts).filter(([method]) => !forgiven.includes(method))),
  };
  return { next: gone.pending || pending === undefined ? closed(next) : next, answer };
};
