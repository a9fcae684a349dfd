import type { google } from "@google-cloud/kms/build/protos/protos.js";
import type { Kms } from "./api.ts";
import { kmsError } from "./errors.ts";
import type { CryptoKey } from "./store.ts";
import { DAY, fromProtoTime, HOUR } from "./time.ts";
import type { EpochMs } from "./time.ts";

const SHORTEST_PERIOD_MS = DAY;
const LONGEST_PERIOD_MS = 876_000 * HOUR;

interface RotationSchedule {
  readonly periodMs: number | undefined;
  readonly nextAtMs: EpochMs | undefined;
}

/**
 * The key's rotation schedule after the masked changes.
 *
 * @throws INVALID_ARGUMENT for a period outside of 24 h to 876 000 h, a period without a next time, a next time in the
 *   past, or a key that cannot rotate by itself (only ENCRYPT_DECRYPT does)
 */
export const readRotation = (
  kms: Kms,
  key: CryptoKey,
  changes: google.cloud.kms.v1.ICryptoKey,
  paths: readonly string[],
): RotationSchedule => {
  const { rotationPeriod: period, nextRotationTime: next } = changes;
  const masked = (path: string, before: number | undefined, value: number | undefined): number | undefined =>
    paths.includes(path) ? value : before;
  const readPeriod = period ? fromProtoTime("rotation_period", period) : undefined;
  const readNext = next ? fromProtoTime("next_rotation_time", next) : undefined;
  const periodMs = masked("rotation_period", key.rotationPeriodMs, readPeriod);
  const nextAtMs = masked("next_rotation_time", key.nextRotationAtMs, readNext);
  const given = periodMs ?? nextAtMs;
  if (given !== undefined && key.purpose !== "ENCRYPT_DECRYPT") throw kmsError("field-invalid", "rotation_period");
  if (periodMs !== undefined && !(periodMs >= SHORTEST_PERIOD_MS && periodMs <= LONGEST_PERIOD_MS)) {
    throw kmsError("field-invalid", "rotation_period");
  }
  if (periodMs !== undefined && nextAtMs === undefined) throw kmsError("field-invalid", "next_rotation_time");
  if (nextAtMs !== undefined && nextAtMs <= kms.now()) throw kmsError("field-invalid", "next_rotation_time");
  return { periodMs, nextAtMs };
};

export const applyRotation = (key: CryptoKey, { periodMs, nextAtMs }: RotationSchedule): void => {
  delete key.rotationPeriodMs;
  delete key.nextRotationAtMs;
  if (periodMs !== undefined) key.rotationPeriodMs = periodMs;
  if (nextAtMs !== undefined) key.nextRotationAtMs = nextAtMs;
};
