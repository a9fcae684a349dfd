import { join } from "node:path";
import { ownRules } from "../../dev/rules.ts";
import { declaration as collectors } from "../../examples/collectors/data-map.js";
import { config } from "../../functions/src/config.js";
import { declaration as inForce } from "../../functions/src/data-map.js";
import { defineDataMap } from "../../functions/src/kernel/data-map/define.js";
import { rulesFor } from "../../functions/src/kernel/data-map/rules/index.js";
import { ownCollections, ownDomains, ownFolders } from "../../functions/src/platform/own-data.js";
import { ROLES } from "../../functions/src/platform/roles.js";

export const own = { collections: ownCollections, folders: ownFolders };
const { stepUpMs: ms, exactScopes } = config.session;
export const context = { roles: ROLES, domains: ownDomains, stepUp: { ms, exactScopes } };

/** The maps whose rules are tried: the one in force, and the other example. */
export const MAPS = [inForce, collectors].map((declaration) => {
  const map = defineDataMap(declaration, own);
  // The team's own rules are about the map in force.
  const theirs = declaration === inForce ? { own: ownRules(join(__dirname, "../..")) } : {};
  return { app: map.app, map, rules: rulesFor(map, { ...context, ...theirs }) };
});
