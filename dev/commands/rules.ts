import { join } from "node:path";
import { staleRules, writeRules } from "../rules.ts";
import { say } from "../setup/say.mjs";
import { buildFunctions } from "../suite/build.ts";
import { root } from "../suite/paths.ts";
import { runCommand } from "../suite/run-command.ts";

/** npm run rules [-- --check]: writes the rules and indexes that the data map asks for, or checks that they are written. */
runCommand(async (args) => {
  await buildFunctions();
  const lib = join(root, "functions/lib");
  const stale = staleRules(lib, root);
  if (args.includes("--check")) {
    for (const name of stale) say(`${name} is not what the data map asks for: run \`npm run rules\`.`);
    return stale.length === 0 ? 0 : 1;
  }
  writeRules(lib, root);
  say(stale.length === 0 ? "the rules were up to date." : `written: ${stale.join(", ")}.`);
  return 0;
});
