import { declaration as collectors } from "../../examples/collectors/data-map.js";
import { declaration as inForce } from "../../functions/src/data-map.js";
import { defineDataMap } from "../../functions/src/kernel/data-map/define.js";
import { rulesFor } from "../../functions/src/kernel/data-map/rules/index.js";
import { ownCollections, ownDomains, ownFolders } from "../../functions/src/platform/own-data.js";
import { ROLES } from "../../functions/src/platform/roles.js";

const own = { collections: ownCollections, folders: ownFolders };
const context = { roles: ROLES, domains: ownDomains };

/** The maps whose rules are tried: the one in force, and the other example. */
export const MAPS = [inForce, collectors].map((declaration) => {
  const map = defineDataMap(declaration, own);
  return { app: map.app, map, rules: rulesFor(map, context) };
});
