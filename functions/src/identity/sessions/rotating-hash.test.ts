import { describe, expect, test } from "@jest/globals";
import { judgeSecret } from "../../platform/rotating-secret.js";
import { rotate } from "./rotating-hash.js";

const at = (time: number, shown: string, next: string) => ({ shown, next, at: time, graceMs: 30 });
const first = { hash: "a", rotatedAt: 0 };

describe("going over to the next secret", () => {
  test("puts it in force, and keeps the one before for the grace", () => {
    expect(rotate(first, at(10, "a", "b"))).toEqual({
      outcome: "rotated",
      secret: { hash: "b", rotatedAt: 10, previous: "a", previousUntil: 40 },
    });
  });

  test("asked again changes nothing, also long after the grace, and is judged no theft", () => {
    const { secret } = rotate(first, at(10, "a", "b"));
    expect(rotate(secret, at(11, "a", "b"))).toEqual({ outcome: "done", secret });
    expect(judgeSecret(secret, "a", 10_000, "b")).toBe("previous");
    expect(rotate(secret, at(10_000, "a", "b"))).toEqual({ outcome: "done", secret });
  });

  test("loses against one that was quicker, and is told the state of the winner", () => {
    const { secret } = rotate(first, at(10, "a", "b"));
    expect(rotate(secret, at(11, "a", "c"))).toEqual({ outcome: "lost", secret });
  });

  test.each([
    ["a secret that never was", "x", "c"],
    ["the one in force as its own next", "b", "b"],
    ["one that was in force before", "b", "a"],
  ])("does not take %s", (_name, shown, next) => {
    const { secret } = rotate(first, at(10, "a", "b"));
    expect(rotate(secret, at(11, shown, next))).toEqual({ outcome: "unknown", secret });
  });

  test("the replaced secret, shown after the grace for anything else, is stolen", () => {
    const { secret } = rotate(first, at(10, "a", "b"));
    expect(judgeSecret(secret, "a", 39)).toBe("previous");
    expect(judgeSecret(secret, "a", 40)).toBe("stolen");
    expect(judgeSecret(secret, "a", 40, "c")).toBe("stolen");
  });
});
