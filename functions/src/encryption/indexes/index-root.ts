import { timingSafeEqual } from "node:crypto";
import { encodeTuple } from "../../kernel/bytes.js";
import type { RandomBytes } from "../../kernel/random.js";
import type { Clock } from "../../kernel/time.js";
import type { Kms } from "../../platform/kms-port.js";
import { hashKeys, type HashKeys } from "./hash-keys.js";
import type { IndexRootStore } from "./index-root-store.js";
import { isOutage, unreadable } from "../keys/outage.js";
import { singleFlight } from "../keys/single-flight.js";

/** The root in force, unwrapped once per `cacheMs` and instance; up to `staleMs` longer while KMS cannot be reached. */
export interface IndexRoot {
  held(): HashKeys | undefined;
  warm(): Promise<HashKeys>;
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
  const once = singleFlight<HashKeys>();
  let kept: { keys: HashKeys; freshUntil: number; usableUntil: number } | undefined;
  const load = async (): Promise<HashKeys> => {
    const keys = hashKeys(await unwrapRoot(deps));
    const freshUntil = deps.clock() + limits.cacheMs;
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
        return await once(ROOT, load);
      } catch (error) {
        const now = deps.clock();
        if (!isOutage(error) || kept === undefined || now >= kept.usableUntil) throw error;
        kept.freshUntil = Math.min(now + limits.retryMs, kept.usableUntil);
        return kept.keys;
      }
    },
  };
};

/** Document `indexRoots/1`. The next one, when roots rotate, is `2`. */
const ROOT = "1";
const KEY = { ring: "index", key: "roots" } as const;
const ROOT_BYTES = 32;

const unwrapRoot = async (deps: IndexRootDeps): Promise<Buffer> => {
  const associatedData = encodeTuple(["index-root", ROOT]);
  const stored = await deps.roots.find(ROOT).catch(unreadable);
  if (stored !== undefined)
    return Buffer.from(await deps.kms.decrypt({ ...KEY, ciphertext: stored.wrapped, associatedData }));
  const plaintext = Buffer.from(deps.random(ROOT_BYTES));
  const wrapped = await deps.kms.encrypt({ ...KEY, plaintext, associatedData });
  const winner = await deps.roots.addFirst(ROOT, { wrapped, createdAt: deps.clock() }).catch(unreadable);
  if (winner.wrapped.length === wrapped.length && timingSafeEqual(winner.wrapped, wrapped)) return plaintext;
  return Buffer.from(await deps.kms.decrypt({ ...KEY, ciphertext: winner.wrapped, associatedData }));
};
