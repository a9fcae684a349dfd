import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../suite/paths.ts";
import type { Target } from "./target.ts";

/** Makes this process one that works there: before any of the functions' code is loaded. */
export const enter = ({ project, set, unset }: Target): void => {
  for (const name of unset) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, set);
  const file = join(root, "functions", `.env.${project}`);
  if (existsSync(file)) process.loadEnvFile(file);
};
