import { describe, expect, test } from "@jest/globals";
import { crc32c } from "./crc32c.ts";

describe("CRC32C", () => {
  test.each([
    ["32 zero bytes", Buffer.alloc(32), 0x8a9136aa],
    ["32 bytes of ones", Buffer.alloc(32, 0xff), 0x62a8ab43],
    ["32 ascending bytes", Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
    ["32 descending bytes", Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
  ])("matches RFC 3720 appendix B.4 for %s", (_, data, expected) => {
    expect(crc32c(data)).toBe(expected);
  });

  test("of nothing is 0, and of the digits 1 to 9 the catalogue's check value", () => {
    expect(crc32c(Buffer.alloc(0))).toBe(0);
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  });
});
