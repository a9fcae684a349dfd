import { identityError } from "./errors.js";

/**
 * Repeats an optimistic write until it wins. `attempt` answers `undefined` when another writer was quicker.
 * Somebody wins every round, so this ends; a caller that keeps losing is told to come again.
 */
export const untilWon = async <Answer>(attempt: () => Promise<{ answer: Answer } | undefined>): Promise<Answer> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const won = await attempt();
    if (won !== undefined) return won.answer;
    await new Promise((resolve) => setTimeout(resolve, Math.min(5 * 2 ** round, 200)));
  }
  throw identityError("busy");
};

const ROUNDS = 25;
