/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** Time comes in as an argument, so that a test can hold it still. */
export type Clock = () => EpochMs;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const systemClock: Clock = () => Date.now();
