import { DAY, type EpochMs } from "../../kernel/time.js";
import type { SetClaims } from "./set.js";

/** One token on its way to one receiver: the document `secSignals/{id}`. `id` is the token's `jti`. */
export interface Signal {
  readonly id: string;
  readonly receiver: string;
  /** The account it is about, so that an erasure finds it; absent for a verification. */
  readonly uid?: string;
  readonly claims: SetClaims;
  readonly state: "pending" | "delivered" | "refused" | "abandoned";
  readonly attempts: number;
  readonly createdAt: EpochMs;
}

export type SignalOutcome = Pick<Signal, "state" | "attempts">;

export const SIGNAL_KEPT_MS = 7 * DAY;

export interface SignalStore {
  /** Adds it unless it is there: a message that comes twice makes one token. */
  add(signal: Signal): Promise<void>;
  find(id: string): Promise<Signal | undefined>;
  /** Notes how a try ended. What is settled for good keeps no claims: they name a person. */
  settle(id: string, outcome: SignalOutcome): Promise<void>;
}

export const memorySignalStore = (): SignalStore & { readonly signals: Map<string, Signal> } => {
  const signals = new Map<string, Signal>();
  return {
    signals,
    add: (signal) => {
      if (!signals.has(signal.id)) signals.set(signal.id, signal);
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(signals.get(id)),
    settle: (id, outcome) => {
      const signal = signals.get(id);
      if (signal !== undefined) signals.set(id, { ...signal, ...outcome, ...forgotten(outcome) });
      return Promise.resolve();
    },
  };
};

/** What a settled signal is left without. */
export const forgotten = ({ state }: SignalOutcome): Pick<Signal, "claims"> | object =>
  state === "pending" ? {} : { claims: {} };
