import { MINUTE, type EpochMs } from "../kernel/time.js";
import { detectionError } from "./errors.js";
import type { Window } from "./sigma/compile-rule.js";
import { countEvent, emptyWindow, type Counted, type WindowState } from "./window.js";

export interface WindowStore {
  /** Counts an event atomically; two at once are both counted, one delivered twice is counted once. @throws detection/contended */
  count(id: string, rule: string, event: { id: string; at: EpochMs; value?: string }, window: Window): Promise<Counted>;
  find(id: string): Promise<WindowState | undefined>;
}

/** Which events were dealt with completely. */
export interface SeenStore {
  has(eventId: string): Promise<boolean>;
  /** Marks it; again does nothing. */
  mark(eventId: string, at: EpochMs): Promise<void>;
  /**
   * Takes the event for the caller alone, for `CLAIM_MS`. `false`: it is dealt with. Of two at once one gets it.
   *
   * @throws detection/contended while another has it: it may yet fail
   */
  claim(eventId: string, at: EpochMs): Promise<boolean>;
}

/** A claim that was not marked in this time is free again: its holder died. */
export const CLAIM_MS = 2 * MINUTE;

/** What a claim finds, decided in one place for both stores. */
export const claimOf = (
  known: { claimedAt: EpochMs; done: boolean } | undefined,
  now: EpochMs,
): "take" | "done" | "held" => {
  if (known === undefined) return "take";
  if (known.done) return "done";
  return now - known.claimedAt < CLAIM_MS ? "held" : "take";
};

export const memoryWindowStore = (): WindowStore => {
  const windows = new Map<string, WindowState>();
  return {
    count: (id, rule, event, window) => {
      const counted = countEvent(windows.get(id) ?? emptyWindow(rule), event, window);
      windows.set(id, counted.state);
      return Promise.resolve(counted);
    },
    find: (id) => Promise.resolve(windows.get(id)),
  };
};

export const memorySeenStore = (): SeenStore => {
  const seen = new Map<string, { claimedAt: EpochMs; done: boolean }>();
  return {
    has: (id) => Promise.resolve(seen.get(id)?.done ?? false),
    mark: (id, at) => {
      seen.set(id, { claimedAt: at, done: true });
      return Promise.resolve();
    },
    claim: (id, at) => {
      const found = claimOf(seen.get(id), at);
      if (found === "held") return Promise.reject(detectionError("contended"));
      if (found === "take") seen.set(id, { claimedAt: at, done: false });
      return Promise.resolve(found === "take");
    },
  };
};
