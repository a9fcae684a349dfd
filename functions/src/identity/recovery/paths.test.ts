import { describe, expect, test } from "@jest/globals";
import { PATHS, suffices, type Evidence } from "./paths.js";

const ALL: readonly Evidence[] = ["link", "address-code", "backup-code", "passkey", "two-administrators"];

/** Every set of pieces that can be shown. */
const sets = Array.from({ length: 2 ** ALL.length }, (_, bits) => ALL.filter((_piece, index) => bits & (1 << index)));

describe("evidence for lost second factors", () => {
  test("is the mailed link and one more piece, and nothing less", () => {
    for (const shown of sets) {
      const second = shown.some((piece) => ["address-code", "backup-code", "passkey"].includes(piece));
      expect([shown, suffices("two-pieces", shown)]).toEqual([shown, shown.includes("link") && second]);
    }
  });

  test("is not one piece shown twice", () => {
    for (const piece of ALL) expect(suffices("two-pieces", [piece, piece])).toBe(false);
  });
});

test("an administrator alone is never evidence for a recovery without a hold", () => {
  for (const [name, { suffices: lines, held }] of Object.entries(PATHS)) {
    const administrators = (lines as readonly (readonly Evidence[])[]).flat().includes("two-administrators");
    expect([name, held]).toEqual([name, administrators]);
  }
});

test("no path is open without evidence", () => {
  for (const name of Object.keys(PATHS) as (keyof typeof PATHS)[]) expect(suffices(name, [])).toBe(false);
});
