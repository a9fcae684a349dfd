import "./logs.ts";
import "./environment.ts";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What the SDK attaches to a trigger: the part of its manifest that these tests read. */
interface Endpoint {
  readonly region?: readonly string[];
  readonly serviceAccountEmail?: string;
  readonly callableTrigger?: object;
  readonly httpsTrigger?: object;
}

export type Handler = (request: unknown, response: unknown) => unknown;
export type Deployed = Handler & { readonly __endpoint: Endpoint };

/** Everything that `index.ts` exports, by the id it is deployed under. */
export const deployedFunctions = (): ReadonlyMap<string, Deployed> => {
  const require = createRequire(join(__dirname, "deployed.ts"));
  return new Map(flatten(require("../../functions/src/index.ts") as object, []));
};

// As the SDK's loader names them: the path of the exports, joined.
const flatten = (group: object, path: readonly string[]): [string, Deployed][] =>
  Object.entries(group).flatMap(([name, value]: [string, unknown]): [string, Deployed][] => {
    if (isDeployed(value)) return [[[...path, name].join("-"), value]];
    return typeof value === "object" && value !== null ? flatten(value, [...path, name]) : [];
  });

const isDeployed = (value: unknown): value is Deployed => typeof value === "function" && "__endpoint" in value;
