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
