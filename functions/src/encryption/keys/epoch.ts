import type { Clock } from "../../kernel/time.js";
import { FIRST_EPOCH, type EpochStore } from "./epoch-store.js";
import { singleFlight } from "./single-flight.js";

/** The data-key epoch in force, kept for a fifth of the keys' own time. */
export type CurrentEpoch = () => Promise<number>;

export const currentEpoch = (
  { epochs, clock }: { epochs: EpochStore; clock: Clock },
  { cacheMs }: { cacheMs: number },
): CurrentEpoch => {
  const once = singleFlight<number>();
  let kept: { epoch: number; until: number } | undefined;
  const load = async (): Promise<number> => {
    const until = clock() + cacheMs * PART;
    const epoch = (await epochs.find())?.epoch ?? FIRST_EPOCH;
    kept = { epoch, until };
    return epoch;
  };
  return () => (kept !== undefined && clock() < kept.until ? Promise.resolve(kept.epoch) : once("epoch", load));
};

// A key of the epoch before may be fetched at the end of this and then be used for all of its own time: `cacheMs` and a fifth
// after an epoch began, nobody writes under the one before.
const PART = 0.2;
