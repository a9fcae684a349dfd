// google.rpc.Code: NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED.
const LOST: ReadonlySet<unknown> = new Set([5, 6, 9, 10]);

/** Whether a Firestore write failed because another writer was quicker: its precondition no longer held. Read again, then decide. */
export const lostRace = (error: unknown): boolean => LOST.has((error as { code?: unknown }).code);

/** Whether the write won. Throws whatever else went wrong. */
export const wins = (write: Promise<unknown>): Promise<boolean> =>
  write.then(
    () => true,
    (error: unknown) => {
      if (lostRace(error)) return false;
      throw error;
    },
  );

/**
 * Repeats an optimistic write until it wins. `attempt` answers `undefined` when another writer was quicker. Somebody wins every
 * round, so this ends; who keeps losing gets the error that `giveUp` makes.
 */
export const repeatUntilWon = async <Answer>(
  attempt: () => Promise<{ answer: Answer } | undefined>,
  giveUp: () => Error,
): Promise<Answer> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const won = await attempt();
    if (won !== undefined) return won.answer;
    await new Promise((resolve) => setTimeout(resolve, Math.min(5 * 2 ** round, 200)));
  }
  throw giveUp();
};

const ROUNDS = 25;
