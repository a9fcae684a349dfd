import { kmsError } from "./errors.ts";
import { MINUTE, SECOND } from "./time.ts";
import type { Clock } from "./time.ts";
import type { Method } from "./api.ts";

/** Cryptographic requests allowed in each second and each minute of the server's clock; absent is unlimited. */
export interface Quota {
  readonly perSecond?: number;
  readonly perMinute?: number;
}

const COUNTED: readonly Method[] = ["Encrypt", "Decrypt", "MacSign", "MacVerify", "AsymmetricSign"];

/** Counts in fixed windows. `take` throws RESOURCE_EXHAUSTED; a refused call does not use up quota. */
export const quotaMeter = (now: Clock): { set: (quota: Quota) => void; take: (method: Method) => void } => {
  let windows: { name: string; lengthMs: number; limit: number; start: number; used: number }[] = [];
  return {
    set: ({ perSecond, perMinute }) => {
      windows = [
        { name: "second", lengthMs: SECOND, limit: perSecond ?? Infinity, start: 0, used: 0 },
        { name: "minute", lengthMs: MINUTE, limit: perMinute ?? Infinity, start: 0, used: 0 },
      ];
    },
    take: (method) => {
      if (!COUNTED.includes(method)) return;
      for (const window of windows) {
        const start = Math.floor(now() / window.lengthMs);
        if (start !== window.start) Object.assign(window, { start, used: 0 });
      }
      const full = windows.find(({ used, limit }) => used >= limit);
      if (full !== undefined) throw kmsError("quota-exceeded", full.name);
      for (const window of windows) window.used += 1;
    },
  };
};
