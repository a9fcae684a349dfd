import type { EpochMs } from "../../kernel/time.js";
import * as list from "./contacts.js";
import type { Added, Contact, Step } from "./contacts.js";

/** Recovery addresses, `secContacts/{uid}`, in verbs that are atomic each. */
export interface ContactStore {
  list(uid: string): Promise<readonly Contact[]>;
  add(uid: string, contact: Contact, by: { limit: number; now: EpochMs }): Promise<Added>;
  /** Undefined when there is none that waits for its code. */
  confirm(uid: string, id: string, at: EpochMs): Promise<Contact | undefined>;
  /** Undefined when there is none. */
  remove(uid: string, id: string): Promise<Contact | undefined>;
}

/** Applies one transition to one account's list, all or nothing. */
export interface ContactList {
  readonly list: ContactStore["list"];
  readonly apply: <Answer>(uid: string, transition: (now: readonly Contact[]) => Step<Answer>) => Promise<Answer>;
}

export const contactStore = ({ list: read, apply }: ContactList): ContactStore => ({
  list: read,
  add: (uid, contact, by) => apply(uid, (contacts) => list.addContact(contacts, contact, by)),
  confirm: (uid, id, at) => apply(uid, (contacts) => list.confirmContact(contacts, id, at)),
  remove: (uid, id) => apply(uid, (contacts) => list.removeContact(contacts, id)),
});

export const memoryContactStore = (): ContactStore => {
  const lists = new Map<string, readonly Contact[]>();
  return contactStore({
    list: (uid) => Promise.resolve(lists.get(uid) ?? []),
    apply: (uid, transition) => {
      const { answer, next } = transition(lists.get(uid) ?? []);
      if (next !== undefined) lists.set(uid, next);
      return Promise.resolve(answer);
    },
  });
};
