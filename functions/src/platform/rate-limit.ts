import { createHash } from "node:crypto";
import { takePermit, type Limit } from "../kernel/limits.js";
import type { Clock, EpochMs } from "../kernel/time.js";
import { requestError } from "./errors.js";
import type { PermitStore } from "./permit-store.js";

/** Spends one permit for `who` or throws `request/too-many` with `retryAfterMs`. */
export type RateLimiter = (name: string, limit: Limit, who: string) => Promise<void>;

/**
 * GCRA over a shared store, with a memory of refusals: a subject that was refused is refused again from memory until its
 * time comes, so that an attacker causes no writes.
 */
export const rateLimiter = (deps: { permits: PermitStore; clock: Clock }): RateLimiter => {
  const local = new Map<string, EpochMs>();
  const deniedUntil = new Map<string, EpochMs>();
  return async (name, limit, who) => {
    const key = createHash("sha256").update(`${name}\n${who}`).digest("base64url");
    const now = deps.clock();
    const denied = deniedUntil.get(key);
    if (denied !== undefined && denied > now) throw tooMany(denied - now);
    deniedUntil.delete(key);
    const verdict =
      limit.store === "instance" ? takeLocal(local, key, limit, now) : await takeShared(deps, key, limit, now);
    if (verdict.ok) return;
    remember(deniedUntil, key, now + verdict.retryAfterMs);
    throw tooMany(verdict.retryAfterMs);
  };
};

const ENTRIES = 10_000;

const remember = (map: Map<string, EpochMs>, key: string, until: EpochMs): void => {
  map.set(key, until);
  if (map.size > ENTRIES) map.delete(map.keys().next().value ?? key);
};

const tooMany = (retryAfterMs: number) => requestError("too-many", { details: { retryAfterMs } });

const takeLocal = (local: Map<string, EpochMs>, key: string, limit: Limit, now: EpochMs) => {
  const verdict = takePermit(limit, local.get(key), now);
  if (verdict.ok) remember(local, key, verdict.tat);
  return verdict;
};

const takeShared = async (deps: { permits: PermitStore }, key: string, limit: Limit, now: EpochMs) => {
  try {
    return await deps.permits.take(key, limit, now);
  } catch (cause) {
    if (limit.whenDown === "allow") return { ok: true as const, tat: now };
    throw requestError("unavailable", { cause });
  }
};
