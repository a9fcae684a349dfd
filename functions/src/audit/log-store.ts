import type { EpochMs } from "../kernel/time.js";
import { UNPLACED, type AuditEntry } from "./entry.js";
import { EMPTY_RANGE, type CompactRange } from "./merkle-tree.js";

/** An entry that has its place in the tree. */
export interface Placed {
  readonly id: string;
  readonly index: number;
  /** Leaf hash, base64. */
  readonly leaf: string;
}

export interface SealedCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly keyVersion: string;
  readonly publicKey: string;
  readonly at: EpochMs;
}

/** The tree as read: `version` guards the next step. */
export interface Head {
  readonly range: CompactRange;
  readonly version: unknown;
}

/** The ordered side of the log: tree, places, checkpoints. */
export interface LogStore {
  /** Takes the sequencer's lease, or keeps out of the way of who holds it. An expired lease is taken over. */
  takeLease(lease: { holder: string; until: EpochMs }, now: EpochMs): Promise<boolean>;
  dropLease(holder: string): Promise<void>;
  head(): Promise<Head>;
  /** Entries without a place, oldest first. */
  unplaced(limit: number): Promise<Pick<AuditEntry, "id" | "ocsf">[]>;
  /** Gives the entries their places and moves the head, in one commit; false, and nothing written, when the head has moved since. */
  advance(from: Head, to: CompactRange, places: readonly Placed[]): Promise<boolean>;
  /** Entries by place, from `start`, all below `end`. */
  range(start: number, end: number): Promise<(Placed & Pick<AuditEntry, "ocsf">)[]>;
  checkpoint(): Promise<SealedCheckpoint | undefined>;
  /** Keeps the checkpoint unless a larger one is there. */
  keepCheckpoint(checkpoint: SealedCheckpoint): Promise<void>;
}

export const memoryLogStore = (entries: AuditEntry[]): LogStore => {
  const places = new Map<string, Placed>();
  let head: Head = { range: EMPTY_RANGE, version: 0 };
  let lease: { holder: string; until: EpochMs } | undefined;
  let sealed: SealedCheckpoint | undefined;
  return {
    takeLease: (wanted, now) => {
      if (lease !== undefined && lease.until > now) return Promise.resolve(false);
      lease = wanted;
      return Promise.resolve(true);
    },
    dropLease: (holder) => {
      if (lease?.holder === holder) lease = undefined;
      return Promise.resolve();
    },
    head: () => Promise.resolve(head),
    unplaced: (limit) =>
      Promise.resolve(
        entries
          .filter((entry) => entry.index === UNPLACED && !places.has(entry.id))
          .sort((a, b) => a.time - b.time)
          .slice(0, limit),
      ),
    advance: (from, to, placed) => {
      if (from.version !== head.version) return Promise.resolve(false);
      for (const place of placed) places.set(place.id, place);
      head = { range: to, version: Number(head.version) + 1 };
      return Promise.resolve(true);
    },
    range: (start, end) =>
      Promise.resolve(
        entries
          .flatMap((entry) => {
            const place = places.get(entry.id);
            return place === undefined ? [] : [{ ...place, ocsf: entry.ocsf }];
          })
          .filter(({ index }) => index >= start && index < end)
          .sort((a, b) => a.index - b.index),
      ),
    checkpoint: () => Promise.resolve(sealed),
    keepCheckpoint: (checkpoint) => {
      if (sealed === undefined || sealed.size < checkpoint.size) sealed = checkpoint;
      return Promise.resolve();
    },
  };
};
