import { expect, test } from "@jest/globals";
import { config } from "../config.js";
import { DAY, HOUR, MINUTE } from "../kernel/time.js";
import { horizonOf } from "./horizon.js";

const NOW = Date.UTC(2026, 10, 22, 12);
const horizon = {
  keysBackupMs: 3 * DAY,
  keysHistoryMs: 7 * DAY,
  plainBackupMs: 14 * DAY,
  kekEpochMs: 90 * DAY,
  kmsDestroyMs: 30 * DAY,
};
const keys = { cacheMs: 5 * MINUTE, staleMs: HOUR };

test("encrypted data can come back for as long as any copy of its wrapped keys: the longest of them counts", () => {
  expect(horizonOf({ horizon, keys }, NOW).sealed).toEqual({
    days: 7,
    until: "2026-11-29",
    keysBackupDays: 3,
    keysHistoryDays: 7,
    memoryMinutes: 65,
  });
  expect(horizonOf({ horizon: { ...horizon, keysBackupMs: 10 * DAY }, keys }, NOW).sealed.days).toBe(10);
  expect(horizonOf({ horizon, keys: { ...keys, staleMs: 9 * DAY } }, NOW).sealed.days).toBe(10);
});

test("plain data, for as long as backups of the app's database; never shorter than encrypted data", () => {
  expect(horizonOf({ horizon, keys }, NOW).plain).toEqual({ days: 14, until: "2026-12-06", backupDays: 14 });
  expect(horizonOf({ horizon: { ...horizon, plainBackupMs: DAY }, keys }, NOW).plain.days).toBe(7);
});

test("a copy that nobody knows of, until the KMS version that wraps it was replaced and destroyed", () => {
  expect(horizonOf({ horizon, keys }, NOW).copies).toEqual({
    days: 120,
    until: "2027-03-22",
    epochDays: 90,
    destroyDays: 30,
  });
});

test("the promise of this configuration is a week for what is encrypted", () => {
  const promise = horizonOf({ horizon: config.privacy.horizon, keys: config.keys }, NOW);
  expect([promise.sealed.days, promise.plain.days, promise.copies.days]).toEqual([7, 98, 120]);
});
