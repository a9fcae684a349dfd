import type { EpochMs } from "../../kernel/time.js";

/**
 * The data-key epoch in force. A data key's version is the epoch in which it was made, so that everything encrypted before
 * an epoch is found by one number.
 */
export interface Epoch {
  /** 1, 2 … */
  readonly epoch: number;
  readonly startedAt: EpochMs;
}

export interface EpochStore {
  /** Undefined before the first rotation: epoch 1, which nobody started. */
  find(): Promise<Epoch | undefined>;
  /** Starts the next epoch. False when it is not the next of what is stored: somebody else was quicker. */
  start(next: Epoch): Promise<boolean>;
}

export const FIRST_EPOCH = 1;

export const memoryEpochStore = (): EpochStore => {
  let stored: Epoch | undefined;
  return {
    find: () => Promise.resolve(stored),
    start: (next) => {
      if (next.epoch !== (stored?.epoch ?? FIRST_EPOCH) + 1) return Promise.resolve(false);
      stored = next;
      return Promise.resolve(true);
    },
  };
};
