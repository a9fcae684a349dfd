import type { EpochMs } from "../kernel/time.js";
import type { Window } from "./sigma/compile-rule.js";

/**
 * The document `detectionWindows/{id}`: what a rule has counted for one group, in ring buckets. Holds no account and no
 * address: the id and the values are hashes.
 */
export interface WindowState {
  readonly rule: string;
  /** Events by bucket number (time / bucket width). */
  readonly buckets: Readonly<Record<string, number>>;
  /** For `value_count`: hash of the value → last bucket it was seen in. */
  readonly values: Readonly<Record<string, number>>;
  /** Ids of the events counted last, oldest first: an event delivered twice counts once. */
  readonly events: readonly string[];
  /** When the rule last fired for this group, and by which event. */
  readonly fired?: { readonly at: EpochMs; readonly by: string };
}

export interface Counted {
  readonly state: WindowState;
  readonly count: number;
  /** Set when this very event makes the rule fire, also when it is delivered again. */
  readonly fired?: { readonly at: EpochMs };
}

const BUCKETS = 10;
/** A window forgets event ids and values beyond these: far above every threshold, far below a document's size. */
const EVENTS = 256;
const VALUES = 256;

/**
 * Counts an event. The window reaches back its timespan and up to a tenth more. A group fires once a timespan, however far
 * above the threshold it is. Events may come late and in any order.
 */
export const countEvent = (
  before: WindowState,
  event: { readonly id: string; readonly at: EpochMs; readonly value?: string },
  window: Window,
): Counted => {
  const width = window.timespanMs / BUCKETS;
  const bucket = Math.floor(event.at / width);
  const state = before.events.includes(event.id) ? before : withEvent(before, event, bucket);
  const counted = countOf(state, window);
  if (state.fired?.by === event.id) return { state, count: counted, fired: { at: state.fired.at } };
  // Also quiet for what is older than the last time: late events must not open an old matter again.
  const quiet = state.fired !== undefined && event.at < state.fired.at + window.timespanMs;
  if (counted < window.gte || quiet || state === before) return { state, count: counted };
  return { state: { ...state, fired: { at: event.at, by: event.id } }, count: counted, fired: { at: event.at } };
};

/** How much the window holds. With `now`, as seen then; without, as of its last event. */
export const countOf = (state: WindowState, window: Window, now?: EpochMs): number => {
  const width = window.timespanMs / BUCKETS;
  const newest = now === undefined ? newestOf(state) : Math.floor(now / width);
  const current = (bucket: number) => bucket >= newest - BUCKETS && bucket <= newest;
  if (window.kind === "value_count") return Object.values(state.values).filter(current).length;
  return Object.entries(state.buckets).reduce(
    (sum, [bucket, count]) => (current(Number(bucket)) ? sum + count : sum),
    0,
  );
};

const newestOf = (state: WindowState): number => Math.max(0, ...Object.keys(state.buckets).map(Number));

const withEvent = (before: WindowState, event: { id: string; value?: string }, bucket: number): WindowState => {
  const newest = Math.max(newestOf(before), bucket);
  const kept = (at: number) => at >= newest - BUCKETS;
  const buckets: Readonly<Record<string, number>> = { ...before.buckets, [bucket]: (before.buckets[bucket] ?? 0) + 1 };
  const values: Readonly<Record<string, number>> =
    event.value === undefined
      ? before.values
      : { ...before.values, [event.value]: Math.max(bucket, before.values[event.value] ?? 0) };
  const current = Object.entries(values)
    .filter(([, at]) => kept(at))
    .sort(([, a], [, b]) => a - b);
  return {
    ...before,
    buckets: Object.fromEntries(Object.entries(buckets).filter(([at]) => kept(Number(at)))),
    values: Object.fromEntries(current.slice(-VALUES)),
    events: [...before.events, event.id].slice(-EVENTS),
  };
};

export const emptyWindow = (rule: string): WindowState => ({ rule, buckets: {}, values: {}, events: [] });
