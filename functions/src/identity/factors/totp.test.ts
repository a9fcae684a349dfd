import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { otplibSdk } from "../../platform/sdk.js";
import { codeAt } from "../identity.fixture.js";
import { describeSeed, isTotpCode, matchStep, newSeed } from "./totp.js";

const RFC_SEED = Buffer.from("12345678901234567890");
const VECTORS = join(__dirname, "../../../../../shared/vectors/otp/rfc-vectors.json");

interface Vectors {
  hotp: { codes: string[] };
  totp: { secretsAscii: Record<Algorithm, string>; vectors: ({ time: number } & Record<Algorithm, string>)[] };
}
type Algorithm = "sha1" | "sha256" | "sha512";

describe("TOTP", () => {
  test.each([
    [59, "287082"],
    [1111111109, "081804"],
    [1234567890, "005924"],
    [20000000000, "353130"],
  ])("accepts the last six digits of RFC 6238 appendix B at %d s", (seconds, code) => {
    expect(matchStep(RFC_SEED, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  test("accepts the current code and the one before, and no other of twenty around", () => {
    const at = 1_900_000_000_000;
    const step = Math.floor(at / 30_000);
    const accepted = Array.from({ length: 21 }, (_, index) => index - 10).filter(
      (offset) => matchStep(RFC_SEED, codeAt(RFC_SEED, at + offset * 30_000), at) === step + offset,
    );
    expect(accepted).toEqual([-1, 0]);
  });

  test("in strict mode accepts the current code alone, to the last millisecond of its step", () => {
    const start = 63_000_000 * 30_000;
    for (const at of [start, start + 29_999]) {
      const accepted = Array.from({ length: 21 }, (_, index) => index - 10).filter(
        (offset) => matchStep(RFC_SEED, codeAt(RFC_SEED, start + offset * 30_000), at, "current") !== undefined,
      );
      expect(accepted).toEqual([0]);
    }
  });

  test.each([0, 1, 29_999])("holds the window to whole steps, %d ms into one", (into) => {
    const start = 63_000_000 * 30_000;
    const from = (offset: number) => codeAt(RFC_SEED, start + offset * 30_000);
    const offsets = [-2, -1, 0, 1].map((offset) => matchStep(RFC_SEED, from(offset), start + into));
    expect(offsets).toEqual([undefined, 62_999_999, 63_000_000, undefined]);
  });

  test.each(["", "12345", "1234567", "12345a", " 123456", "١٢٣٤٥٦"])("does not take %p for a code", (code) => {
    expect(isTotpCode(code)).toBe(false);
  });

  test("a seed has 160 bits and reaches the app whole, by text and by URI", () => {
    const seed = newSeed((size) => new Uint8Array(size).fill(7));
    const { secret, uri } = describeSeed(seed, "ann@example.org");
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const parsed = new URL(uri);
    expect([parsed.protocol, parsed.host]).toEqual(["otpauth:", "totp"]);
    expect(decodeURIComponent(parsed.pathname)).toBe("/Firekeep:ann@example.org");
    expect(parsed.searchParams.get("secret")).toBe(secret);
    expect(matchStep(seed, codeAt(secret, 1_900_000_000_000), 1_900_000_000_000)).toBeDefined();
  });
});

describe("published vectors", () => {
  if (!existsSync(VECTORS)) {
    process.stderr.write("!!! NOT RUN: RFC 4226 and RFC 6238 vectors (the shared vectors folder is absent)\n");
    test("the vectors folder is absent: four values of RFC 6238 were checked above", () =>
      expect(existsSync(VECTORS)).toBe(false));
    return;
  }
  const vectors = JSON.parse(readFileSync(VECTORS, "utf8")) as Vectors;

  test("all 28 of RFC 4226 appendix D and RFC 6238 appendix B", () => {
    const { secretsAscii } = vectors.totp;
    const hotp = vectors.hotp.codes.map((code, counter) => matchStep(RFC_SEED, code, counter * 30_000) === counter);
    const totp = vectors.totp.vectors.flatMap((row) =>
      (["sha1", "sha256", "sha512"] as const).map((algorithm) => {
        const secret = Buffer.from(secretsAscii[algorithm]);
        const code = otplibSdk().generateSync({ secret, algorithm, digits: 8, period: 30, epoch: row.time });
        const ours =
          algorithm !== "sha1" || matchStep(secret, code.slice(2), row.time * 1_000) === Math.floor(row.time / 30);
        return code === row[algorithm] && ours;
      }),
    );
    const passed = [...hotp, ...totp].filter(Boolean).length;
    expect([passed, hotp.length + totp.length]).toEqual([28, 28]);
  });
});
