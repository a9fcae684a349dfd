import { createHash, timingSafeEqual } from "node:crypto";
import type { EpochMs } from "../kernel/time.js";
import type { RotatingHash } from "./session.js";

/** `stolen`: one that was replaced, after its time. Somebody holds a copy: the device itself went over to the next. */
export type SecretVerdict = "current" | "previous" | "stolen" | "unknown";

/** How a secret is kept: SHA-256 of its base64url text, base64url. 256 random bits need no slow hash. */
export const hashSecret = (secret: string): string => createHash("sha256").update(secret, "utf8").digest("base64url");

/**
 * Judges the hash of a secret that was shown. Pure; both hashes are always compared, so that time tells nothing.
 *
 * @param next hash that the call wants to go over to: a repeated request for the secret in force, by a device that never saw
 * the answer, is no theft although it shows the one before
 */
export const judgeSecret = (kept: RotatingHash, shown: string, now: EpochMs, next?: string): SecretVerdict => {
  const isCurrent = equal(kept.hash, shown);
  const isPrevious = kept.previous !== undefined && equal(kept.previous, shown);
  if (isCurrent) return "current";
  if (!isPrevious) return "unknown";
  if (now < (kept.previousUntil ?? 0)) return "previous";
  return next !== undefined && equal(kept.hash, next) ? "previous" : "stolen";
};

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
