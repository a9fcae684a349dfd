import { expect, test } from "@jest/globals";
import { randomId, systemRandom } from "./random.js";

test("an identifier has 128 bits, as 22 characters, every one of which is drawn", () => {
  expect(randomId((size) => new Uint8Array(size).fill(255))).toBe("_____________________w");
  expect(randomId((size) => new Uint8Array(size))).toBe("AAAAAAAAAAAAAAAAAAAAAA");
  const asked: number[] = [];
  randomId((size) => (asked.push(size), new Uint8Array(size)));
  expect(asked).toEqual([16]);
});

// A chi-squared test of the bytes; a sound source fails it once in a million runs.
test("what the system draws is as long as asked, never the same, and no byte of it is likelier", () => {
  const draws = Array.from({ length: 2_000 }, () => systemRandom(32));
  expect(new Set(draws.map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(2_000);
  const counts = new Array<number>(256).fill(0);
  for (const byte of draws.flatMap((bytes) => [...bytes])) counts[byte] = (counts[byte] ?? 0) + 1;
  const expected = (2_000 * 32) / 256;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chi).toBeLessThan(375); // 255 degrees of freedom: p < 1e-6 above about 375
});
