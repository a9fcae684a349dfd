import { createRequire } from "node:module";
import { join } from "node:path";
import type * as ChangeRole from "../../functions/src/identity/roles/change-role.js";
import type * as RolesDeps from "../../functions/src/identity/roles/deps.js";
import type * as Roles from "../../functions/src/platform/roles.js";
import { carryOut, readWish, type Backend } from "../admin/change-roles.ts";
import { enter } from "../admin/enter.ts";
import { chooseTarget } from "../admin/target.ts";
import { say, setupError } from "../setup/say.mjs";
import { buildFunctions } from "../suite/build.ts";
import { root } from "../suite/paths.ts";
import { runCommand } from "../suite/run-command.ts";
import { liveRuns } from "../suite/runs.ts";

/**
 * npm run admin -- grant|revoke|list: roles, by whoever owns the deployment. The first administrators come from here, and
 * it is the way back in when none is left. Everything else goes through the callables, where two must agree.
 */
runCommand(async (args) => {
  const wish = readWish(args);
  await buildFunctions();
  const target = chooseTarget(wish.project, process.env, liveRuns());
  say(`on ${target.says}`);
  enter(target);
  try {
    await carryOut(backend(), wish, say);
  } catch (error) {
    throw error instanceof Error && error.name === "DomainError" ? setupError(error.message, error) : error;
  }
  return 0;
});

const backend = (): Backend => {
  const load = createRequire(join(root, "functions/package.json"));
  const { grantRole, revokeRole } = load("./lib/identity/roles/change-role.js") as typeof ChangeRole;
  const { roleDeps } = load("./lib/identity/roles/deps.js") as typeof RolesDeps;
  const { ROLES } = load("./lib/platform/roles.js") as typeof Roles;
  return { deps: roleDeps(), roles: Object.keys(ROLES), grantRole, revokeRole };
};
