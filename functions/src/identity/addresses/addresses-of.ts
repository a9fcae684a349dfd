import type { IdentityDeps } from "../deps.js";
import type { ContactStore } from "./contact-store.js";
import { isConfirmed, type Contact } from "./contacts.js";

export interface ContactDeps extends Pick<IdentityDeps, "encryption"> {
  readonly contacts: ContactStore;
}

/** The recovery addresses that the account has confirmed, opened. */
export const addressesOf = async (deps: ContactDeps, uid: string): Promise<string[]> => {
  const contacts = await deps.contacts.list(uid);
  return Promise.all(contacts.filter(isConfirmed).map((contact) => openAddress(deps, uid, contact)));
};

export const sealAddress = async (
  { encryption }: ContactDeps,
  { uid, id, address }: { uid: string; id: string; address: string },
): Promise<Pick<Contact, "id" | "sealed" | "hash">> => {
  const sealed = await encryption.sealSecret({ ...placeOf(uid, id), secret: Buffer.from(address, "utf8") });
  const hash = await encryption.keyedHash("identity.contact", `${uid}\n${normalAddress(address)}`);
  return { id, sealed, hash: Buffer.from(hash).toString("base64url") };
};

export const openAddress = async ({ encryption }: ContactDeps, uid: string, contact: Contact): Promise<string> => {
  const secret = await encryption.openSecret({ ...placeOf(uid, contact.id), token: contact.sealed });
  return Buffer.from(secret).toString("utf8");
};

/** Two spellings of one mailbox, as far as mail servers in practice make no difference. */
export const normalAddress = (address: string): string => address.trim().normalize("NFC").toLowerCase();

/** `a•••@e•••.org`: enough for its owner to know it. */
export const maskAddress = (address: string): string => {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf(".");
  return `${first(address.slice(0, at))}•••@${first(domain)}•••${dot > 0 ? domain.slice(dot) : ""}`;
};

const first = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0x2022);

const placeOf = (uid: string, id: string) => ({ label: `identity.contact/${id}`, subject: uid });
