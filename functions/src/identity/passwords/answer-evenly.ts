import type { Clock, EpochMs } from "../../kernel/time.js";

interface Deps {
  readonly answerEveryMs: number;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Runs `work` and holds its answer back to the next multiple of `answerEveryMs`, so that how long it took tells nothing of what was
 * found. No randomness: noise averages out, a beat does not.
 */
export const answerEvenly = async <Answer>(deps: Deps, work: () => Promise<Answer>): Promise<Answer> => {
  const startedAt = deps.clock();
  try {
    return await work();
  } finally {
    await nextBeat(deps, startedAt);
  }
};

/** As `answerEvenly`, for refusals only: what is granted differs anyway, and need not wait. */
export const refuseEvenly = async <Answer>(deps: Deps, work: () => Promise<Answer>): Promise<Answer> => {
  const startedAt = deps.clock();
  try {
    return await work();
  } catch (error) {
    await nextBeat(deps, startedAt);
    throw error;
  }
};

const nextBeat = async (deps: Deps, startedAt: EpochMs): Promise<void> => {
  const took = Math.max(0, deps.clock() - startedAt);
  const beats = Math.max(1, Math.ceil(took / deps.answerEveryMs));
  const wait = beats * deps.answerEveryMs - took;
  if (wait > 0) await deps.sleep(wait);
};
