import { takePermit, type Limit } from "../kernel/limits.js";
import type { EpochMs } from "../kernel/time.js";

export interface PermitStore {
  /** Takes one permit atomically. Two that race for the last one do not both get it. */
  take(key: string, limit: Pick<Limit, "permits" | "perMs">, now: EpochMs): Promise<ReturnType<typeof takePermit>>;
}

export const memoryPermitStore = (): PermitStore => {
  const tats = new Map<string, EpochMs>();
  return {
    take: (key, limit, now) => {
      const verdict = takePermit(limit, tats.get(key), now);
      if (verdict.ok) tats.set(key, verdict.tat);
      return Promise.resolve(verdict);
    },
  };
};
