import { isFirekeepError } from "./error.ts";
import type { Firekeep, StepUp } from "./firekeep.ts";
import type { CallId, Input, Output } from "./send-call.ts";

/** What a call needs before it passes, as its error names it. */
export interface Needed {
  readonly scope: string;
  /** What the account can show: `totp`, `backup-code`, `passkey`, `email-code`; or `sign-in`: only signing in again helps. */
  readonly methods: readonly string[];
  /** Hash of exactly what is approved; the second factor counts for that alone, and once. */
  readonly transaction?: string;
}

/** Asks the person for a second factor; undefined when they give up. */
export type AskForProof = (needed: Needed) => Promise<StepUp | undefined>;

/** Runs a call; when it needs a fresh second factor, asks for one and runs it again with the answer along. */
export const withStepUp = async <Result>(
  run: (stepUp?: StepUp) => Promise<Result>,
  ask: AskForProof,
): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (!isFirekeepError(error, "request/step-up-required")) throw error;
    const answer = await ask(neededBy(error.details));
    if (answer === undefined) throw error;
    return run(answer);
  }
};

/**
 * Makes a call that the person approves as it is, such as a payment: `show` is given what is needed and what the call would
 * do, shows both, and asks. The server binds the answer to a hash of the call's own input, so approving one amount or payee
 * approves no other.
 */
export const approve = <Id extends CallId>(
  firekeep: Firekeep,
  call: { id: Id; input: Input<Id> },
  show: (needed: Needed, input: Input<Id>) => Promise<StepUp | undefined>,
): Promise<Output<Id>> =>
  withStepUp(
    (stepUp) => firekeep.call(call.id, call.input, { stepUp }),
    (needed) => show(needed, call.input),
  );

const neededBy = ({ scope, methods, transaction }: Readonly<Record<string, unknown>>): Needed => ({
  scope: String(scope),
  methods: Array.isArray(methods) ? methods.map(String) : [],
  ...(typeof transaction === "string" && { transaction }),
});
