import { encryptionError } from "../errors.js";

/**
 * Repeats an optimistic write until it wins; `attempt` answers undefined when another writer was quicker. Parts of one file
 * arrive side by side and are all written to its one document.
 *
 * @throws encryption/write-conflict when it never does
 */
export const untilWon = async <Answer>(attempt: () => Promise<{ answer: Answer } | undefined>): Promise<Answer> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const won = await attempt();
    if (won !== undefined) return won.answer;
    await new Promise((resolve) => setTimeout(resolve, Math.min(5 * 2 ** round, 200)));
  }
  throw encryptionError("write-conflict");
};

const ROUNDS = 25;
