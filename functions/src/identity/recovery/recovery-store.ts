import { isPending, slotOf, type Recovery, type Step } from "./recovery.js";

/** Recoveries, in steps that are atomic each: two that race never both win. */
export interface RecoveryStore {
  find(slot: string): Promise<Recovery | undefined>;
  /** Applies one step to one recovery, all or nothing, on what it is at that moment. */
  apply<Answer>(slot: string, step: (now: Recovery | undefined) => Step<Answer>): Promise<Answer>;
  /** Those that somebody must still do something about. At most 500. */
  listPending(): Promise<Recovery[]>;
}

/** Most that `listPending` answers; the rest comes with a later round. */
export const PENDING_AT_ONCE = 500;

export const memoryRecoveryStore = (): RecoveryStore => {
  const recoveries = new Map<string, Recovery>();
  return {
    find: (slot) => Promise.resolve(recoveries.get(slot)),
    apply: (slot, step) =>
      new Promise((resolve) => {
        const { answer, next } = step(recoveries.get(slot));
        if (next !== undefined) recoveries.set(checked(slot, next), next);
        resolve(answer);
      }),
    listPending: () => Promise.resolve([...recoveries.values()].filter(isPending).slice(0, PENDING_AT_ONCE)),
  };
};

/** A recovery is kept in its own slot, and in no other. */
export const checked = (slot: string, { kind, uid }: Recovery): string => {
  if (slotOf(kind, uid) !== slot) throw new TypeError("a recovery belongs in the slot of its account and kind");
  return slot;
};
