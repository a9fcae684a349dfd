import type { config } from "../config.js";
import { DAY, MINUTE, type EpochMs } from "../kernel/time.js";

type Settings = {
  readonly horizon: typeof config.privacy.horizon;
  readonly keys: Pick<typeof config.keys, "cacheMs" | "staleMs">;
};

/** How long copies outlive an erasure. Days are rounded up; `until` is a day in UTC on which it is over. */
export interface Horizon {
  /** Fields and files under the person's keys: as long as a copy of the wrapped keys can be restored, or an instance remembers. */
  readonly sealed: Span & { keysBackupDays: number; keysHistoryDays: number; memoryMinutes: number };
  /** Fields stored plain, and blind indexes, in backups of the app's database. */
  readonly plain: Span & { backupDays: number };
  /** Even a forgotten copy of the wrapped keys: the KMS version that wraps them is replaced, then destroyed. */
  readonly copies: Span & { epochDays: number; destroyDays: number };
}

interface Span {
  readonly days: number;
  readonly until: string;
}

/**
 * The promise of an erasure that ended at `now`. `sealed` and `plain` end by themselves; `copies` is the second line, and
 * holds when operators end each epoch of the key-encryption keys in time (docs/runbooks/encryption.md).
 */
export const horizonOf = ({ horizon, keys }: Settings, now: EpochMs): Horizon => {
  const memoryMs = keys.cacheMs + keys.staleMs;
  const sealedMs = Math.max(horizon.keysBackupMs, horizon.keysHistoryMs, memoryMs);
  const span = (ms: number): Span => {
    const days = Math.ceil(ms / DAY);
    return { days, until: new Date(now + days * DAY).toISOString().slice(0, 10) };
  };
  return {
    sealed: {
      ...span(sealedMs),
      keysBackupDays: inDays(horizon.keysBackupMs),
      keysHistoryDays: inDays(horizon.keysHistoryMs),
      memoryMinutes: Math.ceil(memoryMs / MINUTE),
    },
    plain: { ...span(Math.max(sealedMs, horizon.plainBackupMs)), backupDays: inDays(horizon.plainBackupMs) },
    copies: {
      ...span(horizon.kekEpochMs + horizon.kmsDestroyMs),
      epochDays: inDays(horizon.kekEpochMs),
      destroyDays: inDays(horizon.kmsDestroyMs),
    },
  };
};

const inDays = (ms: number): number => Math.ceil(ms / DAY);
