import { config } from "../config.js";
import { randomId, type RandomBytes } from "../kernel/random.js";
import { MINUTE, type Clock } from "../kernel/time.js";
import { describeError, type LogLevel } from "../platform/log.js";
import type { Publisher } from "../platform/pubsub.js";
import { signCheckpoint } from "./checkpoint.js";
import type { LogStore, Placed } from "./log-store.js";
import { appendLeaf, leafHash, rootOf } from "./merkle-tree.js";
import { SECURITY_EVENTS } from "./record-event.js";
import type { Signer } from "./signed-statement.js";
import type { Spool } from "./spool.js";

export interface SequenceDeps {
  readonly store: LogStore;
  readonly spool: Spool;
  readonly publisher: Publisher;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: (severity: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Name of the log in its checkpoints. */
  readonly origin: string;
}

/**
 * Publishes what waits, gives every waiting entry its place in the tree and seals the tree with a signed checkpoint.
 * One runs at a time; two that do not know of each other do no harm, and one that dies is gone on with.
 *
 * @returns how many entries got a place, and whether another sequencer was at work
 */
export const sequenceLog = async (deps: SequenceDeps): Promise<{ placed: number; busy: boolean }> => {
  const holder = randomId(deps.random);
  const now = deps.clock();
  if (!(await deps.store.takeLease({ holder, until: now + LEASE_MS }, now))) return { placed: 0, busy: true };
  try {
    await publishWaiting(deps);
    const placed = await placeWaiting(deps, now + LEASE_MS);
    await seal(deps);
    return { placed, busy: false };
  } finally {
    await deps.store.dropLease(holder);
  }
};

const LEASE_MS = MINUTE;

/** At-least-once: a crash between publishing and taking off publishes again, under the same id. */
const publishWaiting = async (deps: SequenceDeps): Promise<void> => {
  try {
    for (const message of await deps.spool.unannounced(config.audit.batch)) {
      await deps.publisher.publish(SECURITY_EVENTS, message, { name: message.name, class: message.class });
      await deps.spool.announced(message.id);
    }
  } catch (error) {
    deps.log("WARNING", "events still wait to be published", describeError(error));
  }
};

/** Each batch is one commit of places and head: after a crash it has happened, or not at all. */
const placeWaiting = async (deps: SequenceDeps, until: number): Promise<number> => {
  let placed = 0;
  while (deps.clock() < until) {
    const head = await deps.store.head();
    // One write of the 500 that a commit may hold is the head's.
    const waiting = await deps.store.unplaced(Math.min(config.audit.batch, 499));
    if (waiting.length === 0) break;
    let range = head.range;
    const places = waiting.map(({ id, ocsf }): Placed => {
      const leaf = leafHash(Buffer.from(ocsf, "utf8"));
      const index = range.size;
      range = appendLeaf(range, leaf);
      return { id, index, leaf: leaf.toString("base64") };
    });
    if (!(await deps.store.advance(head, range, places))) break;
    placed += places.length;
  }
  return placed;
};

const seal = async (deps: SequenceDeps): Promise<void> => {
  const { range } = await deps.store.head();
  const sealed = await deps.store.checkpoint();
  if (range.size === 0 || sealed?.size === range.size) return;
  const signed = await signCheckpoint(deps.signer, { origin: deps.origin, size: range.size, root: rootOf(range) });
  await deps.store.keepCheckpoint({ size: range.size, ...signed, at: deps.clock() });
};
