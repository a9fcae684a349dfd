import { repeatUntilWon } from "../../platform/lost-race.js";
import { encryptionError } from "../errors.js";

/**
 * Repeats an optimistic write until it wins: parts of one file arrive side by side, and are all written to its one document.
 *
 * @throws encryption/write-conflict when it never does
 */
export const untilWon = <Answer>(attempt: () => Promise<{ answer: Answer } | undefined>): Promise<Answer> =>
  repeatUntilWon(attempt, () => encryptionError("write-conflict"));
