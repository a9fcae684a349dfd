import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";

/**
 * The document `secNotices/{id}`: one mail to be told to one or more addresses. What it says, and to whom, is sealed and goes
 * away with the delivery; kind, account, time and counts stay for `config.mail.keepMs`.
 */
export interface OutboxItem {
  readonly id: string;
  /** Absent: nobody knows yet whether the address has an account. */
  readonly uid?: string;
  readonly kind: string;
  readonly at: EpochMs;
  readonly state: "pending" | "sent" | "dead";
  /** Tries that failed. */
  readonly attempts: number;
  /** While pending: when somebody should look after it, unless it is delivered before. */
  readonly dueAt?: EpochMs;
  /** Too late to be of use after this. */
  readonly expiresAt?: EpochMs;
  /** Until when one worker has it for itself. */
  readonly leasedUntil?: EpochMs;
  /** The sealed `Content`. */
  readonly content?: Uint8Array;
  /** Addresses that are done with, by keyed hash. */
  readonly done: Readonly<Record<string, Delivered>>;
  /** Addresses that took it, and that refused it for good. */
  readonly accepted?: number;
  readonly refused?: number;
}

export type Delivered = "accepted" | "refused";

/** Mails on their way, in verbs that are atomic each. */
export interface OutboxStore {
  /** False when one with this id is there: it is dropped. */
  add(item: OutboxItem): Promise<boolean>;
  find(id: string): Promise<OutboxItem | undefined>;
  /** Gets it for one worker until `until`. Undefined when it is gone, done with, or another worker has it. */
  claim(id: string, by: { now: EpochMs; until: EpochMs }): Promise<OutboxItem | undefined>;
  /** Notes that one address is done with, at once: a later try leaves it out. */
  confirm(id: string, address: string, how: Delivered): Promise<void>;
  /** Gives it back, to be tried again. */
  release(id: string, next: { attempts: number; dueAt: EpochMs }): Promise<void>;
  /** Done with. Content and addresses go away. */
  settle(id: string, end: { state: "sent" | "dead"; accepted: number; refused: number; uid?: string }): Promise<void>;
  /** Ids of pending ones that nobody has looked after since they were due. */
  listDue(before: EpochMs, limit: number): Promise<string[]>;
}

export const keptUntil = ({ at }: OutboxItem): EpochMs => at + config.mail.keepMs;

export const without = (item: object, ...names: readonly string[]): OutboxItem =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name))) as unknown as OutboxItem;

export const isFree = (item: OutboxItem, now: EpochMs): boolean =>
  item.state === "pending" && (item.leasedUntil ?? 0) <= now;

export const memoryOutboxStore = (): OutboxStore & { readonly items: Map<string, OutboxItem> } => {
  const items = new Map<string, OutboxItem>();
  const change = (id: string, change: (item: OutboxItem) => OutboxItem): Promise<void> => {
    const item = items.get(id);
    if (item !== undefined) items.set(id, change(item));
    return Promise.resolve();
  };
  return {
    items,
    add: (item) => {
      if (items.has(item.id)) return Promise.resolve(false);
      items.set(item.id, item);
      return Promise.resolve(true);
    },
    find: (id) => Promise.resolve(items.get(id)),
    claim: (id, { now, until }) => {
      const item = items.get(id);
      if (item === undefined || !isFree(item, now)) return Promise.resolve(undefined);
      const claimed = { ...item, leasedUntil: until, dueAt: until };
      items.set(id, claimed);
      return Promise.resolve(claimed);
    },
    confirm: (id, address, how) => change(id, (item) => ({ ...item, done: { ...item.done, [address]: how } })),
    release: (id, next) => change(id, (item) => ({ ...without(item, "leasedUntil"), ...next })),
    settle: (id, end) =>
      change(id, (item) => ({ ...without(item, "leasedUntil", "dueAt", "content"), ...end, done: {} })),
    listDue: (before, limit) => {
      const due = [...items.values()].filter((item) => item.dueAt !== undefined && item.dueAt <= before);
      return Promise.resolve(due.slice(0, limit).map(({ id }) => id));
    },
  };
};
