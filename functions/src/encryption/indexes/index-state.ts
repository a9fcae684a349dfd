import type { EpochMs } from "../../kernel/time.js";

/** Which roots are in use: `keyStates/index` in the database of keys. Absent: root 1 alone. */
export interface IndexState {
  /** Root that new indexes are made with: a document's `_bk`. */
  readonly write: number;
  /** Roots that stored indexes may have been made with, lowest first. */
  readonly read: readonly number[];
  /** When this came into force. */
  readonly since: EpochMs;
}

/**
 * `steady`: one root. `prepared`: the next one is known to readers, and nobody writes with it yet. `switched`: it writes,
 * and the one before is still looked for.
 */
export type IndexPhase = "steady" | "prepared" | "switched";

export const FIRST_STATE: IndexState = { write: 1, read: [1], since: 0 };

export const phaseOf = ({ write, read }: IndexState): IndexPhase => {
  if (read.length < 2) return "steady";
  return write === read.at(-1) ? "switched" : "prepared";
};

/** The state that follows, or undefined when this is not the phase for it. */
export const stateAfter = (
  { write, read }: IndexState,
  move: "prepare" | "switch" | "finish",
  now: EpochMs,
): IndexState | undefined => {
  const phase = phaseOf({ write, read, since: now });
  const newest = read.at(-1) ?? write;
  if (move === "prepare" && phase === "steady") return { write, read: [write, write + 1], since: now };
  if (move === "switch" && phase === "prepared") return { write: newest, read, since: now };
  if (move === "finish" && phase === "switched") return { write, read: [write], since: now };
  return undefined;
};

/** Every root that an instance needs: those in use, and root 1, which keyed hashes stay on for ever. */
export const rootsOf = ({ write, read }: IndexState): number[] => [...new Set([1, write, ...read])];

export const isSameState = (one: IndexState, other: IndexState): boolean =>
  one.write === other.write && one.read.join() === other.read.join() && one.since === other.since;
