import { repeatUntilWon } from "../platform/lost-race.js";
import { identityError } from "./errors.js";

/** Repeats an optimistic write until it wins. @throws identity/busy to a caller that keeps losing */
export const untilWon = <Answer>(attempt: () => Promise<{ answer: Answer } | undefined>): Promise<Answer> =>
  repeatUntilWon(attempt, () => identityError("busy"));
