import { expect, test } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { fakeEncryption } from "../identity.fixture.js";
import { drawCode, hashCode, sameHash } from "./mail-code.js";

const drawing = (...words: number[]) => {
  const queue = [...words];
  return (size: number) => {
    expect(size).toBe(4);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(queue.shift() ?? 0);
    return bytes;
  };
};

test("a code has eight digits, leading zeros included", () => {
  expect(drawCode(drawing(7))).toBe("00000007");
  expect(drawCode(drawing(100_000_042))).toBe("00000042");
  expect(drawCode(drawing(4_199_999_999))).toBe("99999999");
});

test("what would make low codes likelier is drawn again", () => {
  expect(drawCode(drawing(4_200_000_000, 2 ** 32 - 1, 12_345_678))).toBe("12345678");
});

test("every digit is as likely as any other in every place", () => {
  const draws = 20_000;
  const counts = Array.from({ length: 8 }, () => new Array<number>(10).fill(0));
  for (let i = 0; i < draws; i += 1)
    Array.from(drawCode((size) => randomBytes(size))).forEach((digit, place) => {
      const row = counts[place]!;
      row[Number(digit)] = (row[Number(digit)] ?? 0) + 1;
    });
  // Chi-square, 9 degrees of freedom: 40 is exceeded once in 130 000 times.
  for (const row of counts) {
    const chi = row.reduce((sum, count) => sum + (count - draws / 10) ** 2 / (draws / 10), 0);
    expect(chi).toBeLessThan(40);
  }
});

test("a code's hash is bound to its challenge and to a key", async () => {
  const [deps, others] = [{ encryption: fakeEncryption() }, { encryption: fakeEncryption() }];
  const hash = await hashCode(deps, "c1", "12345678");
  expect(sameHash(hash, await hashCode(deps, "c1", "12345678"))).toBe(true);
  expect(sameHash(hash, await hashCode(deps, "c2", "12345678"))).toBe(false);
  expect(sameHash(hash, await hashCode(deps, "c1", "12345679"))).toBe(false);
  expect(sameHash(hash, await hashCode(others, "c1", "12345678"))).toBe(false);
  expect(sameHash(hash, "")).toBe(false);
});
