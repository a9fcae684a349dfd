import type { EpochMs } from "../../kernel/time.js";
import type { Account } from "../sessions/session-store.js";

/** The document `secRoleChanges/{id}`: who gave or took which role, when and why. For reviews of access. */
export interface RoleChange {
  readonly id: string;
  /** Whose role. */
  readonly uid: string;
  readonly role: string;
  readonly change: "granted" | "revoked";
  /** Account id of the administrator, or `owner`: the project's owner, by the break-glass command. */
  readonly by: string;
  /** The second administrator, where two were needed. */
  readonly approvedBy?: string;
  readonly reason: string;
  readonly at: EpochMs;
}

/** The document `secRoleProposals/{id}`: a grant that waits for a second administrator. */
export interface Proposal {
  readonly id: string;
  readonly uid: string;
  readonly role: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly state: "open" | "approved" | "refused";
  readonly decidedBy?: string;
  readonly decidedAt?: EpochMs;
}

/** What must hold at the moment of a change, together with the change. */
export interface Guards {
  /** Whoever acts. */
  readonly actors: readonly string[];
  /** Whether somebody with these roles may act. */
  readonly mayAct: (roles: readonly string[]) => boolean;
  /** For a role that must keep a holder: whether one of these accounts can still use it. */
  readonly anyCan?: (uids: readonly string[]) => Promise<boolean>;
  /** The open proposal that this change carries out. */
  readonly proposal?: string;
}

export type ChangeOutcome =
  | { readonly outcome: "changed" | "unchanged"; readonly roles: readonly string[] }
  /** An actor may no longer act; the proposal is not open any more; nobody else could use the role. */
  | { readonly outcome: "forbidden" | "not-open" | "last-holder" };

/** Roles of accounts, and what was done to them. */
export interface RoleStore {
  rolesOf(uid: string): Promise<readonly string[]>;
  /**
   * Gives or takes a role, in the account and in every session of it that may still be used: all or nothing, effective at
   * once. A session that starts beside it has the new roles. Two changes of a role that must keep a holder never overlap.
   */
  change(change: RoleChange, guards: Guards): Promise<ChangeOutcome>;
  /** Accounts with the role in the order of their ids, from behind `after` on. */
  holders(role: string, page: { after?: string; limit: number }): Promise<{ uid: string; roles: readonly string[] }[]>;
  /** The latest changes of the role, newest first. */
  changes(role: string, limit: number): Promise<RoleChange[]>;
  propose(proposal: Proposal): Promise<void>;
  findProposal(id: string): Promise<Proposal | undefined>;
  /** Open and not expired, oldest first. */
  openProposals(now: EpochMs, limit: number): Promise<Proposal[]>;
  /** False when it is not open any more. */
  refuse(id: string, by: { decidedBy: string; decidedAt: EpochMs }): Promise<boolean>;
}

export const isOpen = ({ state, expiresAt }: Proposal, now: EpochMs): boolean => state === "open" && now < expiresAt;

/** Everyone holds `user`, from before their first sign-in on. */
export const rolesIn = (account: Pick<Account, "roles"> | undefined): readonly string[] => account?.roles ?? ["user"];

/** The roles after the change. */
export const changed = (roles: readonly string[], { role, change }: Pick<RoleChange, "role" | "change">): string[] =>
  change === "granted" ? [...new Set(["user", ...roles, role])] : roles.filter((held) => held !== role);

/** What a change comes to, by what was read of the actors, the account and its proposal. Undefined: it may go on. */
export const hindrance = (
  { at }: Pick<RoleChange, "at">,
  { mayAct, proposal }: Pick<Guards, "mayAct" | "proposal">,
  found: { readonly actors: readonly (readonly string[])[]; readonly proposal: Proposal | undefined },
): "forbidden" | "not-open" | undefined => {
  if (!found.actors.every(mayAct)) return "forbidden";
  if (proposal !== undefined && (found.proposal === undefined || !isOpen(found.proposal, at))) return "not-open";
  return undefined;
};

/** @param accounts shared with a test that looks at them */
export const memoryRoleStore = (accounts = new Map<string, Account>()): RoleStore => {
  const history: RoleChange[] = [];
  const proposals = new Map<string, Proposal>();
  const rolesOf = (uid: string) => rolesIn(accounts.get(uid));
  const withRole = (role: string) => [...accounts.keys()].filter((uid) => rolesOf(uid).includes(role)).sort();
  const decide = (id: string | undefined, decision: Partial<Proposal>) => {
    const proposal = id === undefined ? undefined : proposals.get(id);
    if (proposal !== undefined) proposals.set(proposal.id, { ...proposal, ...decision });
  };
  return {
    rolesOf: (uid) => Promise.resolve(rolesOf(uid)),
    change: async (change, guards) => {
      const { uid, role, by, approvedBy = by, at } = change;
      const others = withRole(role).filter((holder) => holder !== uid);
      const lost = change.change === "revoked" && guards.anyCan !== undefined && !(await guards.anyCan(others));
      const found = {
        actors: guards.actors.map(rolesOf),
        proposal: guards.proposal === undefined ? undefined : proposals.get(guards.proposal),
      };
      const hindered = hindrance(change, guards, found);
      if (hindered !== undefined) return { outcome: hindered };
      const roles = changed(rolesOf(uid), change);
      decide(guards.proposal, { state: "approved", decidedBy: approvedBy, decidedAt: at });
      if (rolesOf(uid).includes(role) === (change.change === "granted")) return { outcome: "unchanged", roles };
      if (lost) return { outcome: "last-holder" };
      const account = accounts.get(uid);
      const rolesEpoch = (account?.rolesEpoch ?? 0) + 1;
      accounts.set(uid, { ...account, roles, rolesEpoch } as Account);
      history.unshift(change);
      return { outcome: "changed", roles };
    },
    holders: (role, { after = "", limit }) => {
      const uids = withRole(role).filter((uid) => uid > after);
      return Promise.resolve(uids.slice(0, limit).map((uid) => ({ uid, roles: rolesOf(uid) })));
    },
    changes: (role, limit) => Promise.resolve(history.filter((each) => each.role === role).slice(0, limit)),
    propose: (proposal) => Promise.resolve(void proposals.set(proposal.id, proposal)),
    findProposal: (id) => Promise.resolve(proposals.get(id)),
    openProposals: (now, limit) => {
      const open = [...proposals.values()].filter((each) => isOpen(each, now));
      return Promise.resolve(open.sort((a, b) => a.proposedAt - b.proposedAt).slice(0, limit));
    },
    refuse: (id, by) => {
      const proposal = proposals.get(id);
      if (proposal === undefined || !isOpen(proposal, by.decidedAt)) return Promise.resolve(false);
      decide(id, { ...by, state: "refused" });
      return Promise.resolve(true);
    },
  };
};
