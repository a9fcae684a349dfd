import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as ConfigModule from "../functions/src/config.js";
import type * as RulesModule from "../functions/src/kernel/data-map/rules/index.js";
import type * as DataMapModule from "../functions/src/platform/data-map.js";
import type * as OwnDataModule from "../functions/src/platform/own-data.js";
import type * as RolesModule from "../functions/src/platform/roles.js";

const root = join(import.meta.dirname, "..");

/**
 * Writes the rules and indexes for the data map of a built `functions/lib` into `folder`.
 * Throws the map's faults when it has any, and then writes nothing.
 */
export const writeRules = (lib: string, folder: string): void => {
  for (const [name, text] of Object.entries(rulesOf(lib))) writeFileSync(join(folder, name), text);
};

/** The files, by name, that the data map of a built `functions/lib` asks for. */
export const rulesOf = (lib: string): Record<string, string> => {
  const load = createRequire(join(lib, "index.js"));
  const { dataMap } = load("./platform/data-map.js") as typeof DataMapModule;
  const { ownDomains } = load("./platform/own-data.js") as typeof OwnDataModule;
  const { ROLES } = load("./platform/roles.js") as typeof RolesModule;
  const { rulesFor } = load("./kernel/data-map/rules/index.js") as typeof RulesModule;
  const { stepUpMs: ms, exactScopes } = (load("./config.js") as typeof ConfigModule).config.session;
  const own = ownRules(root);
  const context = { roles: ROLES, domains: ownDomains, stepUp: { ms, exactScopes }, own };
  const { firestore, storage, indexes, keysIndexes } = rulesFor(dataMap(), context);
  return {
    "firestore.rules": firestore,
    "storage.rules": storage,
    "firestore.indexes.json": indexes,
    "firestore.keys.indexes.json": keysIndexes,
  };
};

/** What the team wrote itself, beside the generated files. */
export const ownRules = (folder: string): { firestore?: string; storage?: string } => {
  const [firestore, storage] = ["firestore", "storage"].map((name) => readIfThere(join(folder, `${name}.app.rules`)));
  return { ...(firestore !== undefined && { firestore }), ...(storage !== undefined && { storage }) };
};

/** Names of the files in `folder` that are not what the data map asks for. */
export const staleRules = (lib: string, folder: string): string[] =>
  Object.entries(rulesOf(lib))
    .filter(([name, text]) => readIfThere(join(folder, name)) !== text)
    .map(([name]) => name);

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
};

const main = (): void => {
  const lib = join(root, "functions/lib");
  if (!process.argv.includes("--check")) return void writeRules(lib, root);
  const stale = staleRules(lib, root);
  if (stale.length === 0) return;
  console.error(`${stale.join(", ")}: not what the data map asks for. Run \`npm run rules\` and commit the result.`);
  process.exitCode = 1;
};

if (process.argv[1] === import.meta.filename) main();
