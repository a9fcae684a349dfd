import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { config } from "../../config.js";
import { judgeSurroundings, type Surroundings } from "./judge-surroundings.js";

const home: Surroundings = { browser: "Safari", os: "iOS", country: "NO", asn: 2119 };
const elsewhere: Surroundings = { browser: "Chrome", os: "Windows", country: "BR", asn: 26599 };
const KEYS = ["browser", "os", "country", "asn"] as const;

/** Home, with some of it as it is elsewhere. */
const strayed = (keys: readonly (keyof Surroundings)[]): Surroundings => ({
  ...home,
  ...Object.fromEntries(keys.map((key) => [key, elsewhere[key]])),
});

describe("surroundings", () => {
  test.each([
    [[], false, "same", 0],
    [["asn"], false, "changed", 15],
    [["country"], false, "step-up", 40],
    [["browser"], false, "step-up", 40],
    [["country", "asn"], false, "step-up", 55],
    [["browser", "os"], false, "revoke", 80],
    [["browser", "country"], false, "revoke", 80],
    [["asn"], true, "changed", 7.5],
    [["country", "asn"], true, "changed", 27.5],
    [["browser", "os"], true, "step-up", 40],
    [["browser", "os", "country", "asn"], true, "step-up", 67.5],
  ] as const)("with another %j, proven: %p, are %s at %d points", (keys, proven, finding, score) => {
    expect(judgeSurroundings(home, strayed(keys), proven)).toMatchObject({ finding, score });
  });

  test("what the tables do not know is held against nobody", () => {
    expect(judgeSurroundings(home, { ...home, country: "ZZ", asn: 0 }, false).finding).toBe("same");
    expect(judgeSurroundings({ ...home, country: "ZZ", asn: 0 }, home, false).finding).toBe("same");
  });

  test("a header that names nothing any more is a change", () => {
    expect(judgeSurroundings(home, { ...home, browser: "Unknown", os: "Unknown" }, false).finding).toBe("revoke");
  });

  test("a bare address weighs nothing", () => {
    expect(config.session.hijack.weights.address).toBe(0);
  });
});

const some = fc.subarray([...KEYS]);
const place = fc.record({
  browser: fc.constantFrom("Safari", "Chrome", "Firefox", "Unknown"),
  os: fc.constantFrom("iOS", "Android", "Windows", "Unknown"),
  country: fc.constantFrom("NO", "BR", "DE", "ZZ"),
  asn: fc.constantFrom(0, 1, 2, 3),
});

describe("for any surroundings", () => {
  test("more change never lowers the score", () => {
    fc.assert(
      fc.property(some, some, fc.boolean(), (fewer, more, proven) => {
        const [less, most] = [strayed(fewer), strayed([...new Set([...fewer, ...more])])];
        expect(judgeSurroundings(home, most, proven).score).toBeGreaterThanOrEqual(
          judgeSurroundings(home, less, proven).score,
        );
      }),
    );
  });

  test("a proof never raises the score, and a proven device is never thrown out for its surroundings", () => {
    fc.assert(
      fc.property(place, place, (before, after) => {
        const proven = judgeSurroundings(before, after, true);
        expect(proven.score).toBeLessThanOrEqual(judgeSurroundings(before, after, false).score);
        expect(proven.finding).not.toBe("revoke");
      }),
    );
  });

  test("the way back weighs what the way there did, and no way weighs nothing", () => {
    fc.assert(
      fc.property(place, place, fc.boolean(), (a, b, proven) => {
        expect(judgeSurroundings(a, b, proven).score).toBe(judgeSurroundings(b, a, proven).score);
        expect(judgeSurroundings(a, a, proven).finding).toBe("same");
      }),
    );
  });
});
