import type { EpochMs } from "../../kernel/time.js";

/** A recovery address: it gets every notice and may help to recover the account. The address itself is sealed. */
export interface Contact {
  readonly id: string;
  readonly sealed: Uint8Array;
  /** Keyed hash of account and address, for equality. */
  readonly hash: string;
  readonly addedAt: EpochMs;
  /** Absent until its code came: it counts for nothing before. */
  readonly confirmedAt?: EpochMs;
  /** Until when its code may come. */
  readonly pendingUntil: EpochMs;
}

/** What a transition answers, and the list after it; without `next` nothing is written. */
export interface Step<Answer> {
  readonly answer: Answer;
  readonly next?: readonly Contact[];
}

export type Added = "added" | "known" | "full";

/** One that waits for its code is replaced by a new try with the same address, and gives way when its time is over. */
export const addContact = (
  contacts: readonly Contact[],
  contact: Contact,
  { limit, now }: { limit: number; now: EpochMs },
): Step<Added> => {
  const kept = contacts.filter((each) => counts(each, now) && (isConfirmed(each) || each.hash !== contact.hash));
  if (kept.some(({ hash }) => hash === contact.hash)) return { answer: "known" };
  if (kept.length >= limit) return { answer: "full" };
  return { next: [...kept, contact], answer: "added" };
};

export const confirmContact = (contacts: readonly Contact[], id: string, at: EpochMs): Step<Contact | undefined> => {
  const found = contacts.find((each) => each.id === id && !isConfirmed(each));
  if (found === undefined) return { answer: undefined };
  const confirmed = { ...found, confirmedAt: at };
  return { next: contacts.map((each) => (each.id === id ? confirmed : each)), answer: confirmed };
};

export const removeContact = (contacts: readonly Contact[], id: string): Step<Contact | undefined> => {
  const found = contacts.find((each) => each.id === id);
  if (found === undefined) return { answer: undefined };
  return { next: contacts.filter((each) => each.id !== id), answer: found };
};

export const isConfirmed = ({ confirmedAt }: Contact): boolean => confirmedAt !== undefined;

const counts = (contact: Contact, now: EpochMs): boolean => isConfirmed(contact) || now < contact.pendingUntil;
