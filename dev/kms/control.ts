import { setTimeout as delay } from "node:timers/promises";
import type { Method } from "./api.ts";
import { kmsError } from "./errors.ts";
import { corrupted, faultInjector } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { quotaMeter } from "./quota.ts";
import type { Quota } from "./quota.ts";
import { settableClock } from "./time.ts";
import type { Clock, EpochMs } from "./time.ts";

/** Calls that arrived since the start or the last reset, refused ones included. */
export interface CallStats {
  readonly total: number;
  /** Of `total`: refused by outage, fault or quota. */
  readonly refused: number;
  readonly byMethod: Readonly<Record<string, number>>;
  /** By the key's full resource name. */
  readonly byKey: Readonly<Record<string, number>>;
}

/** What a test may do to the server. Times and latency in milliseconds. */
export interface KmsControl {
  readonly now: () => EpochMs;
  readonly setClock: (nowMs: EpochMs) => void;
  readonly advanceClock: (byMs: number) => void;
  readonly setLatency: (ms: number) => void;
  readonly setQuota: (quota: Quota) => void;
  readonly addFault: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** While on, every call is refused with UNAVAILABLE. */
  readonly setOutage: (on: boolean) => void;
  readonly stats: () => CallStats;
  readonly resetStats: () => void;
  /** Lets a call in, or throws; the result is applied to its answer. */
  readonly admit: (
    method: Method,
    keyName: string | undefined,
  ) => Promise<<Answer extends object>(answer: Answer) => Answer>;
}

export interface ControlDeps {
  readonly clock: Clock;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
  /** Called after the clock was set, so that what became due happens at once. */
  readonly onClockSet: () => void;
}

export const createControl = (deps: ControlDeps): KmsControl => {
  const clock = settableClock(deps.clock);
  const faults = faultInjector(deps.random);
  const quota = quotaMeter(clock.now);
  const counter = callCounter();
  let latencyMs = 0;
  let outage = false;
  const setClock = (nowMs: EpochMs): void => {
    clock.set(nowMs);
    deps.onClockSet();
  };
  return {
    now: clock.now,
    setClock,
    advanceClock: (byMs) => setClock(clock.now() + byMs),
    setLatency: (ms) => {
      latencyMs = ms;
    },
    setQuota: quota.set,
    addFault: faults.add,
    clearFaults: faults.clear,
    setOutage: (on) => {
      outage = on;
    },
    stats: counter.read,
    resetStats: counter.reset,
    admit: async (method, keyName) => {
      counter.count(method, keyName);
      if (latencyMs > 0) await delay(latencyMs);
      try {
        if (outage) throw kmsError("unavailable");
        const { corrupt } = faults.strike(method);
        quota.take(method);
        return (answer) => (corrupt ? corrupted(answer) : answer);
      } catch (error) {
        counter.refuse();
        throw error;
      }
    },
  };
};

const callCounter = () => {
  let total = 0;
  let refused = 0;
  const byMethod = new Map<string, number>();
  const byKey = new Map<string, number>();
  return {
    count: (method: Method, keyName: string | undefined): void => {
      total += 1;
      byMethod.set(method, (byMethod.get(method) ?? 0) + 1);
      if (keyName !== undefined) byKey.set(keyName, (byKey.get(keyName) ?? 0) + 1);
    },
    refuse: (): void => {
      refused += 1;
    },
    read: (): CallStats => ({
      total,
      refused,
      byMethod: Object.fromEntries(byMethod),
      byKey: Object.fromEntries(byKey),
    }),
    reset: (): void => {
      total = 0;
      refused = 0;
      byMethod.clear();
      byKey.clear();
    },
  };
};
