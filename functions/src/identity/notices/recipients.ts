import { addressesOf, normalAddress, type ContactDeps } from "../addresses/addresses-of.js";
import type { IdentityDeps } from "../deps.js";
import type { Content } from "./content.js";
import type { OutboxItem } from "./outbox-store.js";

type Deps = ContactDeps & Pick<IdentityDeps, "encryption" | "directory" | "challenges" | "clock">;

export interface Recipients {
  readonly addresses: readonly {
    readonly to: string;
    /** Keyed hash: what the outbox notes of it. */ readonly key: string;
  }[];
  /** The account that a code turned out to be for. */
  readonly uid?: string;
  /** A code was asked for to sign up, with an address that has an account. */
  readonly exists: boolean;
}

/** To whom a mail goes, as things are now: addresses may have changed since it was written. */
export const recipientsOf = async (deps: Deps, item: OutboxItem, content: Content): Promise<Recipients> => {
  if (content.type === "code") return codeRecipient(deps, item, content);
  const given = content.type === "letter" ? content.to : content.alsoTo;
  const own = content.type === "letter" || item.uid === undefined ? [] : await allAddresses(deps, item.uid);
  return { addresses: await keyed(deps, item.id, [...own, ...given]), exists: false };
};

/** The account's own address first, then the recovery addresses it has confirmed. */
export const allAddresses = async (deps: Deps, uid: string): Promise<string[]> => {
  const [status, others] = await Promise.all([deps.directory.status(uid), addressesOf(deps, uid)]);
  return [...(status?.email === undefined ? [] : [status.email]), ...others];
};

const codeRecipient = async (
  deps: Deps,
  item: OutboxItem,
  content: Content & { type: "code" },
): Promise<Recipients> => {
  const to = async (address: string) => ({ addresses: await keyed(deps, item.id, [address]), exists: false });
  if (content.when === "always") return to(content.to);
  const uid = await deps.directory.uidOf(content.to);
  if (content.when === "no-account") return { ...(await to(content.to)), exists: uid !== undefined };
  const status = uid === undefined ? undefined : await deps.directory.status(uid);
  // An address that was never confirmed may be somebody else's: its account is not opened by it.
  if (uid === undefined || status?.disabled !== false || !status.emailVerified) return { addresses: [], exists: false };
  await deps.challenges.assign(content.challenge, uid, deps.clock());
  return { ...(await to(content.to)), uid };
};

const keyed = async (deps: Deps, id: string, addresses: readonly string[]): Promise<Recipients["addresses"]> => {
  const once = [...new Map(addresses.map((to) => [normalAddress(to), to])).values()];
  return Promise.all(once.map(async (to) => ({ to, key: await keyOf(deps, id, to) })));
};

// By the notice's id too: nobody sees from the outbox that two accounts have one address.
const keyOf = async ({ encryption }: Deps, id: string, address: string): Promise<string> => {
  const hash = await encryption.keyedHash("identity.notice-address", `${id}\n${normalAddress(address)}`);
  return Buffer.from(hash).subarray(0, 16).toString("base64url");
};
