import { config } from "../../config.js";
import { randomId } from "../../kernel/random.js";
import { requestError } from "../../platform/errors.js";
import { isRole, ROLES, rolesAllow } from "../../platform/roles.js";
import { identityError } from "../errors.js";
import type { RoleDeps } from "./deps.js";
import type { ChangeOutcome, Guards, RoleChange } from "./role-store.js";
import { tellChange, tellProposal } from "./tell-role.js";

/** Who changes roles: an administrator, or the project's owner with the break-glass command. */
export type Authority = { readonly operator: string; readonly ip?: string } | "owner";

export interface RoleRequest {
  readonly uid: string;
  readonly role: string;
  /** Why, in the operator's words. Kept with the change, not in the log. */
  readonly reason: string;
}

/** What became of it: `proposed` waits for a second administrator. */
export type RoleAnswer =
  | { readonly outcome: "changed" | "unchanged"; readonly roles: string[] }
  | { readonly outcome: "proposed"; readonly roles: string[]; readonly proposal: string; readonly expiresAt: number };

/**
 * Gives an account a role, in all its sessions at once; or, for a role of `config.roles.twoPerson`, proposes to.
 *
 * @throws identity/role-own, -role-unknown, -account-unknown, -busy
 */
export const grantRole = async (deps: RoleDeps, authority: Authority, request: RoleRequest): Promise<RoleAnswer> => {
  refuseOwn(authority, request.uid);
  if (!isRole(request.role)) throw identityError("role-unknown");
  await refuseClosed(deps, request.uid);
  if (authority !== "owner" && config.roles.twoPerson.includes(request.role)) return propose(deps, authority, request);
  return change(deps, authority, { ...request, change: "granted" });
};

/**
 * Takes a role from an account, in all its sessions at once. Also from one that is disabled or gone.
 *
 * @throws identity/role-own, -role-unknown, -role-last, -busy
 */
export const revokeRole = async (deps: RoleDeps, authority: Authority, request: RoleRequest): Promise<RoleAnswer> => {
  refuseOwn(authority, request.uid);
  // Everyone signed in is a user. A role that left the table can still be taken from whoever holds it.
  if (request.role === "user") throw identityError("role-unknown");
  return change(deps, authority, { ...request, change: "revoked" });
};

/** A role that must keep a holder: without one, nobody could give it again. */
export const guardsOf = (
  deps: Pick<RoleDeps, "directory">,
  role: string,
  rest: { actors: readonly string[]; proposal?: string },
): Guards => ({
  ...rest,
  mayAct: (roles) => rolesAllow(roles, "admin.users"),
  ...(ROLES[role]?.includes("admin.users") === true && { anyCan: (uids) => anyUsable(deps, uids) }),
});

/** An account that is there and not disabled. The answer is the same for both faults. */
export const refuseClosed = async (deps: Pick<RoleDeps, "directory">, uid: string): Promise<void> => {
  if (!(await isUsable(deps, uid))) throw identityError("account-unknown");
};

/** The roles after it, or the error that it comes to. */
export const settled = (answer: ChangeOutcome): { outcome: "changed" | "unchanged"; roles: string[] } => {
  if (answer.outcome === "changed" || answer.outcome === "unchanged")
    return { outcome: answer.outcome, roles: [...answer.roles] };
  if (answer.outcome === "forbidden") throw requestError("forbidden");
  throw identityError(answer.outcome === "not-open" ? "proposal-unknown" : "role-last");
};

// Separation of duties: nobody lifts themselves, and nobody locks themselves out.
const refuseOwn = (authority: Authority, uid: string): void => {
  if (authority !== "owner" && authority.operator === uid) throw identityError("role-own");
};

const change = async (
  deps: RoleDeps,
  authority: Authority,
  request: RoleRequest & Pick<RoleChange, "change">,
): Promise<RoleAnswer> => {
  const { uid, role, reason } = request;
  const by = authority === "owner" ? "owner" : authority.operator;
  const row = { id: randomId(deps.random), uid, role, change: request.change, by, reason, at: deps.clock() };
  const guards = guardsOf(deps, role, { actors: authority === "owner" ? [] : [by] });
  const answer = settled(await deps.roles.change(row, guards));
  if (answer.outcome === "changed") await tellChange(deps, row, authority);
  return answer;
};

const propose = async (
  deps: RoleDeps,
  { operator, ...from }: Exclude<Authority, "owner">,
  { uid, role, reason }: RoleRequest,
): Promise<RoleAnswer> => {
  const roles = [...(await deps.roles.rolesOf(uid))];
  if (roles.includes(role)) return { outcome: "unchanged", roles };
  const [id, now] = [randomId(deps.random), deps.clock()];
  const expiresAt = now + config.roles.proposalMs;
  const proposal = { id, uid, role, reason, proposedBy: operator, proposedAt: now, expiresAt, state: "open" } as const;
  await deps.roles.propose(proposal);
  await tellProposal(deps, proposal, "role-proposed", { operator, ...from });
  return { outcome: "proposed", roles, proposal: id, expiresAt };
};

const anyUsable = async (deps: Pick<RoleDeps, "directory">, uids: readonly string[]): Promise<boolean> => {
  for (const uid of uids) if (await isUsable(deps, uid)) return true;
  return false;
};

const isUsable = async ({ directory }: Pick<RoleDeps, "directory">, uid: string): Promise<boolean> =>
  (await directory.status(uid))?.disabled === false;
