import { isFirekeepError, type FirekeepError } from "../../client/src/index.ts";

/** What a step of the story may do besides acting: show what it saw, and insist on what must hold. */
export interface Scene {
  /** Prints one observation. */
  readonly see: (what: string, value: unknown) => void;
  /** Prints what held, or ends the story. */
  readonly hold: (claim: string, truth: boolean) => void;
  /** Insists that a call is refused with exactly this code. */
  readonly refused: (claim: string, code: string, call: () => Promise<unknown>) => Promise<FirekeepError>;
}

export class StoryError extends Error {}

export const printedScene = (print: (line: string) => void): Scene => {
  const hold = (claim: string, truth: boolean): void => {
    if (!truth) throw new StoryError(`did not hold: ${claim}`);
    print(`   ✓ ${claim}`);
  };
  return {
    see: (what, value) => print(`     ${what}: ${typeof value === "string" ? value : JSON.stringify(value)}`),
    hold,
    refused: async (claim, code, call) => {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) throw new StoryError(`${claim}: was answered, not refused`);
      if (!isFirekeepError(error)) throw new StoryError(`${claim}: failed without a code`, { cause: error });
      hold(`${claim}: ${error.code} “${error.message}”`, error.code === code);
      return error;
    },
  };
};

/** Asks again until the answer is there; the parts behind the scene work asynchronously. */
export const eventually = async <Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  limitMs = 120_000,
): Promise<Value> => {
  const until = Date.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (Date.now() > until) throw new StoryError(`${what}: nothing within ${String(limitMs / 1000)} s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};
