import { parseArgs } from "node:util";
import type * as ChangeRole from "../../functions/src/identity/roles/change-role.js";
import type { RoleDeps } from "../../functions/src/identity/roles/deps.js";
import { setupError } from "../setup/say.mjs";

/** The built functions' own use cases. */
export interface Backend {
  readonly deps: RoleDeps;
  readonly roles: readonly string[];
  readonly grantRole: (typeof ChangeRole)["grantRole"];
  readonly revokeRole: (typeof ChangeRole)["revokeRole"];
}

export interface Wish {
  readonly verb: "grant" | "revoke" | "list";
  readonly who?: string;
  readonly role?: string;
  readonly reason?: string;
  readonly project?: string;
}

const USAGE = `say what to do:
  npm run admin -- grant  EMAIL|UID ROLE --reason TEXT [--project ID]
  npm run admin -- revoke EMAIL|UID ROLE --reason TEXT [--project ID]
  npm run admin -- list [ROLE] [--project ID]`;

/** What the command line wishes. Throws a sentence for people when it is not whole. */
export const readWish = (args: readonly string[]): Wish => {
  const options = { reason: { type: "string" }, project: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false });
  const [verb, first, second, ...more] = positionals;
  const project = typeof values.project === "string" ? { project: values.project } : {};
  if (verb === "list" && second === undefined) return { verb, ...(first !== undefined && { role: first }), ...project };
  if ((verb !== "grant" && verb !== "revoke") || first === undefined || second === undefined || more.length > 0)
    throw setupError(USAGE);
  const reason = typeof values.reason === "string" ? values.reason.trim() : "";
  if (reason.length < 3) throw setupError('give a reason, for whoever reviews access later: --reason "Founding team".');
  return { verb, who: first, role: second, reason, ...project };
};

/** Does it. Says nothing of a person but what was typed and, in a list, account ids. */
export const carryOut = async (backend: Backend, wish: Wish, say: (line: string) => void): Promise<void> => {
  if (wish.verb === "list") return listHolders(backend, wish.role, say);
  const { who = "", role = "", reason = "" } = wish;
  const uid = who.includes("@") ? await backend.deps.directory.uidOf(who) : who;
  if (uid === undefined) throw setupError(`there is no account with the address ${who}.`);
  const change = wish.verb === "grant" ? backend.grantRole : backend.revokeRole;
  const { outcome, roles } = await change(backend.deps, "owner", { uid, role, reason });
  const done = wish.verb === "grant" ? "given to" : "taken from";
  say(outcome === "changed" ? `${role} was ${done} ${who}, in all its sessions.` : `nothing to change for ${who}.`);
  say(`roles now: ${roles.join(", ")}. The change is in the audit log; the person and every administrator get a mail.`);
};

const listHolders = async ({ deps, roles }: Backend, role: string | undefined, say: (line: string) => void) => {
  if (role !== undefined && !roles.includes(role)) throw setupError(`there is no role ${role}: ${roles.join(", ")}.`);
  // Everyone is a user: that would be a list of all people.
  for (const each of role === undefined ? roles.filter((name) => name !== "user") : [role]) {
    const holders = await deps.roles.holders(each, { limit: MOST + 1 });
    const ids = holders.slice(0, MOST).map(({ uid }) => uid);
    say(`${each}: ${ids.length === 0 ? "nobody" : ids.join(", ")}${holders.length > MOST ? ", and more" : ""}`);
  }
};

const MOST = 100;
