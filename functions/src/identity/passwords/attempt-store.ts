import type { EpochMs } from "../../kernel/time.js";
import { spendAttempt, type AttemptLimits, type Attempts, type AttemptVerdict } from "../factors/attempts.js";

/** Attempts by whoever makes them or is their target, in verbs that are atomic each. Keys are hashes. */
export interface AttemptStore {
  /** Spends one before anything is looked at; two that race for the last one do not both get it. */
  spend(key: string, limits: AttemptLimits, now: EpochMs): Promise<AttemptVerdict>;
  /** Forgets all of them: the secret was shown. */
  clear(key: string): Promise<void>;
  /** Takes the last one back: it was no failure, but says nothing of the others. */
  giveBack(key: string): Promise<void>;
}

/** One attempt less; undefined when none is left. Pure. */
export const without = ({ failures, burst, lastAt }: Attempts): Attempts | undefined =>
  failures <= 1 ? undefined : { failures: failures - 1, burst: Math.max(0, burst - 1), lastAt };

export const memoryAttemptStore = (): AttemptStore => {
  const ledger = new Map<string, Attempts>();
  return {
    spend: (key, limits, now) => {
      const verdict = spendAttempt(ledger.get(key), now, limits);
      if (verdict.ok) ledger.set(key, verdict.attempts);
      return Promise.resolve(verdict);
    },
    clear: (key) => {
      ledger.delete(key);
      return Promise.resolve();
    },
    giveBack: (key) => {
      const spent = ledger.get(key);
      const left = spent === undefined ? undefined : without(spent);
      if (left === undefined) ledger.delete(key);
      else ledger.set(key, left);
      return Promise.resolve();
    },
  };
};
