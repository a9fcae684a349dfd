import type { RandomBytes } from "../../kernel/random.js";
import type { Clock } from "../../kernel/time.js";
import type { Kms } from "../../platform/kms-port.js";
import { isOutage, unreadable } from "../keys/outage.js";
import { singleFlight } from "../keys/single-flight.js";
import { hashKeys } from "./hash-keys.js";
import { indexKeys, type IndexKeys } from "./index-keys.js";
import type { IndexRootStore } from "./index-root-store.js";
import { rootsOf } from "./index-state.js";
import { unwrapRoot } from "./wrap-root.js";

/** The roots in force, unwrapped once per `cacheMs` and instance; up to `staleMs` longer while KMS cannot be reached. */
export interface IndexRoot {
  held(): IndexKeys | undefined;
  /** @throws encryption/keys-unavailable, encryption/kms-unavailable, encryption/kms-refused */
  warm(): Promise<IndexKeys>;
}

export interface IndexRootDeps {
  readonly kms: Kms;
  readonly roots: IndexRootStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

export const indexRoot = (
  deps: IndexRootDeps,
  limits: { cacheMs: number; staleMs: number; retryMs: number },
): IndexRoot => {
  const once = singleFlight<IndexKeys>();
  let kept: { keys: IndexKeys; freshUntil: number; usableUntil: number } | undefined;
  const load = async (): Promise<IndexKeys> => {
    // Counted from before the state was read: what is moved meanwhile is seen in time.
    const freshUntil = deps.clock() + limits.cacheMs;
    const keys = await loadKeys(deps);
    kept = { keys, freshUntil, usableUntil: freshUntil + limits.staleMs };
    return keys;
  };
  const held = () => (kept !== undefined && deps.clock() < kept.freshUntil ? kept.keys : undefined);
  return {
    held,
    warm: async () => {
      const keys = held();
      if (keys !== undefined) return keys;
      try {
        return await once("roots", load);
      } catch (error) {
        const now = deps.clock();
        if (!isOutage(error) || kept === undefined || now >= kept.usableUntil) throw error;
        kept.freshUntil = Math.min(now + limits.retryMs, kept.usableUntil);
        return kept.keys;
      }
    },
  };
};

const loadKeys = async (deps: IndexRootDeps): Promise<IndexKeys> => {
  const state = await deps.roots.state().catch(unreadable);
  const loaded = rootsOf(state).map(async (number) => [number, hashKeys(await unwrapRoot(deps, number))] as const);
  return indexKeys(state, new Map(await Promise.all(loaded)));
};
