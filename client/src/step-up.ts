import { isFirekeepError } from "./error.ts";
import type { StepUp } from "./firekeep.ts";

/** Asks the person for a code; undefined when they give up. */
export type AskForCode = (needed: { scope: string; methods: readonly string[] }) => Promise<StepUp | undefined>;

/** Runs a call; when it needs a fresh second factor, asks for one and runs it again with the answer along. */
export const withStepUp = async <Result>(
  run: (stepUp?: StepUp) => Promise<Result>,
  ask: AskForCode,
): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (!isFirekeepError(error, "request/step-up-required")) throw error;
    const { scope, methods } = error.details;
    const answer = await ask({ scope: String(scope), methods: Array.isArray(methods) ? methods.map(String) : [] });
    if (answer === undefined) throw error;
    return run(answer);
  }
};
