import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { dataKey } from "../keys/data-key.js";
import { pooledRandom } from "./random-pool.js";
import { openToken, overheadOf, readHeader, sealToken, writeHeader, type TokenVersion } from "./token.js";

const fillRandom = pooledRandom((size) => randomBytes(size));
const versions = fc.constantFrom<TokenVersion>(1, 2);
const plaintexts = fc.uint8Array({ maxLength: 300 });

const adOf = (version: TokenVersion, keyId: number, rest: string): Buffer => {
  const header = Buffer.alloc(5);
  writeHeader(header, version, keyId);
  return Buffer.concat([header, Buffer.from(rest)]);
};

const newKey = (id = 1) => dataKey({ id, readAt: 0, freshUntil: Infinity, endsAt: Infinity }, randomBytes(32));

test("opening inverts sealing, for both versions and every key id, at 45 and 77 bytes more", () => {
  fc.assert(
    fc.property(versions, plaintexts, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (version, plaintext, id) => {
      const key = newKey(id);
      const associatedData = adOf(version, id, "here");
      const token = sealToken({ fillRandom }, key, { version, plaintext, associatedData });
      expect(readHeader(token)).toEqual({ version, keyId: id });
      expect(token.length - plaintext.length).toBe(version === 1 ? 45 : 77);
      expect(openToken(key.xaes, version, token, associatedData)).toEqual(Buffer.from(plaintext));
    }),
  );
});

test("refuses a token in which any one bit is flipped, its header's included", () => {
  for (const version of [1, 2] as const) {
    const key = newKey();
    const token = sealToken({ fillRandom }, key, {
      version,
      plaintext: Buffer.from("a 64 byte field".padEnd(64, ".")),
      associatedData: adOf(version, 1, "here"),
    });
    for (let bit = 0; bit < token.length * 8; bit += 1) {
      const altered = Buffer.from(token);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(reopened(key, altered)).toBe(undefined);
    }
  }
});

// As a reader does it: the header says which version and key, and goes into the associated data.
const reopened = (key: ReturnType<typeof newKey>, token: Buffer): Buffer | undefined => {
  try {
    const { version, keyId } = readHeader(token);
    return openToken(key.xaes, version, token, adOf(version, keyId, "here"));
  } catch (error) {
    expect(error).toMatchObject({ code: "encryption/undecryptable" });
    return undefined;
  }
};

test("refuses every truncation, an addition, another key and other associated data", () => {
  fc.assert(
    fc.property(versions, plaintexts, (version, plaintext) => {
      const key = newKey();
      const token = sealToken({ fillRandom }, key, { version, plaintext, associatedData: adOf(version, 1, "here") });
      for (let length = 0; length < token.length; length += 7)
        expect(reopened(key, token.subarray(0, length))).toBe(undefined);
      expect(reopened(key, Buffer.concat([token, Buffer.of(0)]))).toBe(undefined);
      expect(reopened(newKey(), token)).toBe(undefined);
      expect(openToken(key.xaes, version, token, adOf(version, 1, "there"))).toBe(undefined);
    }),
    { numRuns: 30 },
  );
});

test("has an overhead of 45 bytes, 77 with commitment", () => {
  expect([overheadOf(1), overheadOf(2)]).toEqual([45, 77]);
});
