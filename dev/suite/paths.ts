import { resolve } from "node:path";

/** The repository. */
export const root = resolve(import.meta.dirname, "../..");

/** Everything that set-up and runs write, git-ignored. */
export const stateDir = resolve(root, ".firekeep");
export const cacheDir = resolve(stateDir, "cache");
export const runsDir = resolve(stateDir, "runs");
