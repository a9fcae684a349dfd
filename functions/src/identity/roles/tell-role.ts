import type { SecurityEvent } from "../../kernel/event.js";
import { config } from "../../config.js";
import { describeError, log } from "../../platform/log.js";
import { rolesWith } from "../../platform/roles.js";
import { identityEvent } from "../events.js";
import type { Notice } from "../notices/notice.js";
import type { Authority } from "./change-role.js";
import type { RoleDeps } from "./deps.js";
import type { Proposal, RoleChange } from "./role-store.js";

/** The event of a change of roles, and the notices: to whom it was done to, and to every administrator. */
export const tellChange = async (deps: RoleDeps, change: RoleChange, authority: Authority): Promise<void> => {
  const { id, uid, role } = change;
  await deps.record({
    type: identityEvent[`role-${change.change}`],
    outcome: "success",
    subject: uid,
    ...(isPrivileged(role) && { severity: "high" as const }),
    ...from(authority),
    detail: { roles: [role], change: id, authority: authority === "owner" ? "owner" : "administrator" },
  });
  await notifyAll(deps, { id, uid, role, change: change.change });
};

/** The event of a proposal made or refused; the administrators learn of a new one, so that somebody decides. */
export const tellProposal = async (
  deps: RoleDeps,
  { id, uid, role }: Proposal,
  name: "role-proposed" | "role-refused",
  authority: Authority,
): Promise<void> => {
  const type = identityEvent[name];
  await deps.record({
    type,
    outcome: "success",
    subject: uid,
    ...from(authority),
    detail: { roles: [role], proposal: id },
  });
  if (name === "role-proposed") await notifyAdministrators(deps, { id, uid, role, change: "proposed" });
};

interface Told {
  readonly id: string;
  readonly uid: string;
  readonly role: string;
  readonly change: "granted" | "revoked" | "proposed";
}

const notifyAll = async (deps: RoleDeps, { id, uid, role, change }: Told): Promise<void> => {
  await tell(deps, { id: `${id}-${uid}`, uid, kind: "role-changed", facts: { role, change, whose: "yours" } });
  await notifyAdministrators(deps, { id, uid, role, change });
};

// A mail names no other person: who it was about, the list of roles shows.
const notifyAdministrators = async (deps: RoleDeps, { id, uid, role, change }: Told): Promise<void> => {
  const pages = await Promise.all(rolesWith("admin.users").map((each) => deps.roles.holders(each, { limit: 200 })));
  const administrators = new Set(pages.flat().map((holder) => holder.uid));
  const facts = { role, change, whose: "another" };
  for (const to of [...administrators].filter((each) => each !== uid))
    await tell(deps, { id: `${id}-${to}`, uid: to, kind: "role-changed", facts });
};

// The change stands and is in the log: an outbox that is down must not make it look as if it had failed.
const tell = (deps: RoleDeps, notice: Notice): Promise<void> =>
  deps.notify(notice).catch((error: unknown) => {
    log("ERROR", "a notice of a role could not be kept", describeError(error));
  });

const isPrivileged = (role: string): boolean => config.roles.twoPerson.includes(role);

const from = (authority: Authority): Pick<SecurityEvent, "actor" | "ip"> =>
  authority === "owner"
    ? { actor: "system" }
    : { actor: authority.operator, ...(authority.ip !== undefined && { ip: authority.ip }) };
