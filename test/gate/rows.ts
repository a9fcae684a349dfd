import { samples } from "./samples.ts";
import { apis } from "../../functions/src/api.js";
import type { Policy } from "../../functions/src/platform/api.js";

/** One callable as the API table has it, with a well-formed input. */
export interface Row {
  readonly id: string;
  readonly policy: Policy;
  readonly sample: object;
}

const inputs: Readonly<Record<string, object>> = samples;

export const rows: readonly Row[] = Object.entries(apis).flatMap(([domain, api]) =>
  Object.entries<Policy>(api).map(([key, policy]) => {
    const id = `${domain}-${key}`;
    const sample = inputs[id];
    if (sample === undefined) throw new Error(`${id} has no sample in test/gate/samples.ts`);
    return { id, policy, sample };
  }),
);
