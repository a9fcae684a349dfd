import { statusError } from "./errors.ts";
import type { StatusName } from "./errors.ts";
import type { Method } from "./api.ts";

/**
 * What shall go wrong: with `method` (default: every one), for the next `times` calls, or with probability `rate`
 * (0 to 1), or always when neither is given. `code` refuses the call before it takes effect; `corrupt: true` lets it
 * take effect and flips a bit of the answer's bytes, so that its checksum no longer fits.
 */
export interface Fault {
  readonly method?: Method;
  readonly code?: StatusName;
  readonly message?: string;
  readonly corrupt?: boolean;
  readonly times?: number;
  readonly rate?: number;
}

export interface Faults {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  /** Spends at most one fault on this call; throws its error, or says whether to corrupt the answer. */
  strike(method: Method): { corrupt: boolean };
}

/** @param random gives numbers from 0 to below 1, for `rate` */
export const faultInjector = (random: () => number): Faults => {
  let faults: { fault: Fault; left: number }[] = [];
  return {
    add: (fault) => faults.push({ fault, left: fault.times ?? Infinity }),
    clear: () => {
      faults = [];
    },
    strike: (method) => {
      const hit = faults.find(({ fault: { method: only, rate } }) => {
        return (only === undefined || only === method) && (rate === undefined || random() < rate);
      });
      if (hit === undefined) return { corrupt: false };
      hit.left -= 1;
      faults = faults.filter(({ left }) => left > 0);
      if (hit.fault.code !== undefined) throw statusError(hit.fault.code, hit.fault.message ?? "Injected fault.");
      return { corrupt: hit.fault.corrupt === true };
    },
  };
};

/** A copy of an answer with one bit flipped in its first non-empty bytes field (or in a PEM text). */
export const corrupted = <Answer extends object>(answer: Answer): Answer => {
  const copy = { ...answer } as Record<string, unknown>;
  for (const [field, value] of Object.entries(copy)) {
    if (value instanceof Uint8Array && value.length > 0) {
      copy[field] = Buffer.from(value).fill((value[0] ?? 0) ^ 1, 0, 1);
      return copy as Answer;
    }
    if (field === "pem" && typeof value === "string") {
      copy[field] = value.replace("PUBLIC", "PUBLIB");
      return copy as Answer;
    }
  }
  return copy as Answer;
};
