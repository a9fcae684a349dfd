import type { EventMessage } from "../../kernel/event.js";
import { rolesWith } from "../../platform/roles.js";
import type { RoleStore } from "../roles/role-store.js";
import type { Notify } from "./notice.js";

export interface TellVaultDeps {
  readonly notify: Notify;
  readonly roles: Pick<RoleStore, "holders">;
  /** The name under which the log knows an account. */
  readonly pseudonymOf: (uid: string) => Promise<string>;
}

/**
 * Tells the person that fields under the hardware key were shown to an officer, and the officers that a request waits for one of
 * them. A silent opening names nobody, and is told when its silence is over. A message that comes twice tells once.
 */
export const tellVault = async (deps: () => TellVaultDeps, message: EventMessage): Promise<void> => {
  const { request, purpose } = message.detail ?? {};
  if (!message.name.startsWith("encryption.vault-") || typeof request !== "string") return;
  const facts = typeof purpose === "string" ? { purpose: purpose.replaceAll("-", " ") } : {};
  if (OPENINGS.has(message.name) && message.subject !== undefined)
    await deps().notify({ id: `vault/${request}`, uid: message.subject, kind: "vault-opened", facts });
  if (message.name !== "encryption.vault-requested") return;
  for (const uid of await deciders(deps(), message))
    await deps().notify({ id: `vault/${request}/${uid}`, uid, kind: "vault-requested", facts });
};

const OPENINGS: ReadonlySet<string> = new Set(["encryption.vault-opened", "encryption.vault-released"]);
const MOST = 200;

/** Officers who may decide: not whoever asked, nor the person it is about, whom a silent request names by pseudonym only. */
const deciders = async ({ roles, pseudonymOf }: TellVaultDeps, message: EventMessage): Promise<string[]> => {
  const pages = await Promise.all(rolesWith("vault.open").map((role) => roles.holders(role, { limit: MOST })));
  const officers = [...new Set(pages.flat().map(({ uid }) => uid))].filter(
    (uid) => uid !== message.actor && uid !== message.subject,
  );
  const about = message.detail?.["about"];
  if (about === undefined) return officers;
  const names = await Promise.all(officers.map(pseudonymOf));
  return officers.filter((_, index) => names[index] !== about);
};
