import { kmsError } from "./errors.ts";

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;
export type Clock = () => EpochMs;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Seconds and nanoseconds, as `google.protobuf.Timestamp` and `Duration` have them. */
export interface SecondsAndNanos {
  seconds?: number | string | { toString(): string } | null;
  nanos?: number | null;
}

/** `google.protobuf.Timestamp` or `Duration` of a number of milliseconds. */
export const toProtoTime = (ms: number): { seconds: number; nanos: number } => {
  const seconds = Math.floor(ms / SECOND);
  return { seconds, nanos: Math.round((ms - seconds * SECOND) * 1e6) };
};

/** Milliseconds of a `google.protobuf.Timestamp` or `Duration`. @throws INVALID_ARGUMENT naming `field` */
export const fromProtoTime = (field: string, value: SecondsAndNanos): number => {
  const ms = Number(String(value.seconds ?? 0)) * SECOND + (value.nanos ?? 0) / 1e6;
  if (!Number.isSafeInteger(Math.floor(ms))) throw kmsError("field-invalid", field);
  return ms;
};

/** A clock that can be set and moved; between two settings it runs as `base` does. */
export const settableClock = (base: Clock): { now: Clock; set: (nowMs: EpochMs) => void } => {
  let offset = 0;
  return {
    now: () => base() + offset,
    set: (nowMs) => {
      offset = nowMs - base();
    },
  };
};
