import { expect, test } from "@jest/globals";
import { hashSecret, judgeSecret } from "./rotating-secret.js";

const [now, first, second, third] = [1_000_000, hashSecret("first"), hashSecret("second"), hashSecret("third")];
const kept = { hash: second, rotatedAt: now - 10, previous: first, previousUntil: now };

test.each<[string, string, number, string | undefined, string]>([
  ["the one in force", second, now, undefined, "current"],
  ["the one before, while requests may be under way", first, now - 1, undefined, "previous"],
  ["the one before, from the end of its time", first, now, undefined, "stolen"],
  ["the one before, asking for the one in force: a repeat whose answer was lost", first, now, second, "previous"],
  ["the one before, asking for yet another", first, now, third, "stolen"],
  ["one that never was", third, now, undefined, "unknown"],
  ["one that never was, asking for the one in force", third, now, second, "unknown"],
  ["nothing", "", now, undefined, "unknown"],
])("%s", (_what, shown, at, next, verdict) => {
  expect(judgeSecret(kept, shown, at, next)).toBe(verdict);
});

test("before the first rotation there is no previous one, and nothing is taken for it", () => {
  for (const shown of ["", first, "undefined"])
    expect(judgeSecret({ hash: second, rotatedAt: now }, shown, now)).toBe("unknown");
});
