import { httpsCallable, type Functions } from "firebase/functions";
import type { FirekeepCalls } from "../../functions/src/api.js";
import { toFirekeepError } from "./error.ts";

/** A deployed callable's id, such as `identity-totp-verify`. */
export type CallId = keyof FirekeepCalls;
export type Input<Id extends CallId> = FirekeepCalls[Id]["input"];
export type Output<Id extends CallId> = FirekeepCalls[Id]["output"];

/** A second factor given along with a call: the call passes in the same request. */
export interface StepUp {
  readonly method: "totp" | "backup-code";
  readonly code: string;
}

export interface Firekeep {
  /**
   * Calls a function by its id, with the types of its schema.
   *
   * @throws FirekeepError with `code` such as `request/step-up-required`
   */
  call<Id extends CallId>(id: Id, input: Input<Id>, options?: { stepUp?: StepUp }): Promise<Output<Id>>;
}

/** Firekeep's callables over a Firebase `Functions` instance (its region and emulator settings hold). */
export const createFirekeep = (functions: Functions): Firekeep => ({
  call: async <Id extends CallId>(id: Id, input: Input<Id>, options: { stepUp?: StepUp } = {}): Promise<Output<Id>> => {
    const data = options.stepUp === undefined ? input : { ...input, _stepUp: options.stepUp };
    try {
      return (await httpsCallable<unknown, Output<Id>>(functions, id)(data)).data;
    } catch (error) {
      throw toFirekeepError(error);
    }
  },
});
