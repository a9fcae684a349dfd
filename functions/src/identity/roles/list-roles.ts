import type { Caller } from "../../platform/secure-call.js";
import { permissionsOf } from "../../platform/roles.js";
import { identityError } from "../errors.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import type { RoleDeps } from "./deps.js";

/** The caller's own roles, as this session has them, and what they allow together. */
export const readRoles = (caller: Caller): { roles: string[]; permissions: string[] } => {
  const { roles } = sessionOf(caller);
  return { roles: [...roles], permissions: [...permissionsOf(roles)] };
};

/** Who holds a role, a page at a time, and the latest changes of it. */
export const listRoles = async (
  { roles }: Pick<RoleDeps, "roles">,
  { role, after }: { role: string; after?: string | undefined },
) => {
  // Everyone holds it: that would be a list of all people.
  if (role === "user") throw identityError("role-unknown");
  const [found, changes] = await Promise.all([
    roles.holders(role, { limit: PAGE + 1, ...(after !== undefined && { after }) }),
    roles.changes(role, PAGE),
  ]);
  const holders = found.slice(0, PAGE).map(({ uid, roles: held }) => ({ uid, roles: [...held] }));
  return { holders, next: found.length > PAGE ? (holders.at(-1)?.uid ?? null) : null, changes };
};

/** Proposals that wait for a second administrator, oldest first. */
export const listProposals = async ({ roles, clock }: Pick<RoleDeps, "roles" | "clock">) => {
  const open = await roles.openProposals(clock(), PAGE);
  const proposals = open.map(({ id, uid, role, reason, proposedBy, proposedAt, expiresAt }) => {
    return { id, uid, role, reason, proposedBy, proposedAt, expiresAt };
  });
  return { proposals };
};

const PAGE = 100;
