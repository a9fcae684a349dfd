import type { EpochMs } from "../../kernel/time.js";
import type { CaepEvent } from "./caep.js";

/** Somebody who is sent security event tokens: the document `secSignalReceivers/{id}`. */
export interface Receiver {
  readonly id: string;
  readonly url: string;
  /** `aud` of its tokens. */
  readonly audience: string;
  readonly events: readonly CaepEvent[];
  /** What it wants in the Authorization header, sealed; absent when it wants none. */
  readonly authorization?: Uint8Array;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
}

export interface ReceiverStore {
  add(receiver: Receiver): Promise<void>;
  find(id: string): Promise<Receiver | undefined>;
  /** Oldest first. */
  list(): Promise<Receiver[]>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
}

export const memoryReceiverStore = (): ReceiverStore => {
  const receivers = new Map<string, Receiver>();
  return {
    add: (receiver) => Promise.resolve(void receivers.set(receiver.id, receiver)),
    find: (id) => Promise.resolve(receivers.get(id)),
    list: () => Promise.resolve([...receivers.values()].sort((a, b) => a.createdAt - b.createdAt)),
    remove: (id) => Promise.resolve(receivers.delete(id)),
  };
};
