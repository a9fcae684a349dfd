import { identityError } from "../errors.js";
import { randomId } from "../../kernel/random.js";
import { guardsOf, refuseClosed, settled, type Authority, type RoleAnswer } from "./change-role.js";
import type { RoleDeps } from "./deps.js";
import { isOpen, type Proposal } from "./role-store.js";
import { tellChange, tellProposal } from "./tell-role.js";

/** What a second administrator decides on: the proposal, and what they were shown of it. */
export interface Decision {
  readonly id: string;
  readonly uid: string;
  readonly role: string;
}

type Operator = Exclude<Authority, "owner">;

/**
 * Carries a proposal out. Of two who approve at the same moment, one does.
 *
 * @throws identity/proposal-unknown, -proposal-own, -account-unknown, -busy
 */
export const approveProposal = async (deps: RoleDeps, second: Operator, decision: Decision): Promise<RoleAnswer> => {
  const { uid, role, reason, proposedBy, id } = await findOpen(deps, second, decision);
  await refuseClosed(deps, uid);
  const change = { id: randomId(deps.random), uid, role, change: "granted", reason, at: deps.clock() } as const;
  const row = { ...change, by: proposedBy, approvedBy: second.operator };
  // Whoever proposed must still be an administrator: what a removed one left behind gives nobody anything.
  const guards = guardsOf(deps, role, { actors: [second.operator, proposedBy], proposal: id });
  const outcome = await deps.roles.change(row, guards);
  if (outcome.outcome === "forbidden") throw identityError("proposal-unknown");
  const answer = settled(outcome);
  if (answer.outcome === "changed") await tellChange(deps, row, second);
  return answer;
};

/**
 * Ends a proposal without carrying it out.
 *
 * @throws identity/proposal-unknown, -proposal-own
 */
export const refuseProposal = async (
  deps: RoleDeps,
  second: Operator,
  decision: Decision,
): Promise<{ refused: true }> => {
  const proposal = await findOpen(deps, second, decision);
  const by = { decidedBy: second.operator, decidedAt: deps.clock() };
  if (!(await deps.roles.refuse(proposal.id, by))) throw identityError("proposal-unknown");
  await tellProposal(deps, proposal, "role-refused", second);
  return { refused: true };
};

/** The open proposal, if it is what the second administrator was shown, and neither theirs nor about them. */
const findOpen = async (deps: RoleDeps, { operator }: Operator, { id, uid, role }: Decision): Promise<Proposal> => {
  const proposal = await deps.roles.findProposal(id);
  if (proposal?.uid !== uid || proposal.role !== role || !isOpen(proposal, deps.clock()))
    throw identityError("proposal-unknown");
  if (operator === proposal.proposedBy || operator === proposal.uid) throw identityError("proposal-own");
  return proposal;
};
