import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readVectors } from "./vectors.fixture.js";
import { xaesKey } from "./xaes.js";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

/** `[commitment] || ciphertext || tag`. */
const encrypt = (
  key: Uint8Array,
  nonce: Buffer,
  plaintext: Uint8Array,
  associatedData: Uint8Array,
  committing = false,
): Buffer => xaesKey(key).encrypt(plaintext, { nonce, headroom: 0, associatedData, committing }).subarray(24);

const decrypt = (key: Uint8Array, nonce: Buffer, rest: Uint8Array, associatedData: Uint8Array, committing = false) =>
  xaesKey(key).decrypt(Buffer.concat([nonce, rest]), { headroom: 0, associatedData, committing });

interface Plain {
  readonly tests: readonly { key: string; nonce: string; aad: string; pt: string; ct: string }[];
  readonly accumulated: Readonly<Record<string, string>>;
}
interface Committing {
  readonly tests: readonly { key: string; nonce: string; in: string; ad: string; ct: string; tag: string }[];
}
const plain = readVectors("xaes-256-gcm.json") as Plain | undefined;
const committing = readVectors("xaes-256-gcm-kc.json") as Committing | undefined;

test("gives the ciphertexts that C2SP published for XAES-256-GCM, and opens them", () => {
  for (const { key, nonce, aad, pt, ct } of plain?.tests ?? []) {
    expect(encrypt(hex(key), hex(nonce), hex(pt), hex(aad)).toString("hex")).toBe(ct);
    expect(decrypt(hex(key), hex(nonce), hex(ct), hex(aad))?.toString("hex")).toBe(pt);
  }
  expect(plain?.tests.length ?? 2).toBe(2);
});

test("gives the digest that C2SP published over 10 000 accumulated messages", () => {
  const read = reader(createHash("shake128", { outputLength: 10_000 * 600 }).digest());
  const all = createHash("shake128", { outputLength: 32 });
  for (let index = 0; index < 10_000; index += 1) {
    const [key, nonce] = [read(32), read(24)];
    const plaintext = read(read(1)[0] ?? 0);
    all.update(encrypt(key, nonce, plaintext, read(read(1)[0] ?? 0)));
  }
  const digest = all.digest("hex");
  expect(digest).toBe(plain?.accumulated["10000"] ?? digest);
});

const reader = (stream: Buffer) => {
  let at = 0;
  return (length: number): Buffer => stream.subarray(at, (at += length));
};

test("gives the ciphertexts, tags and commitments that AWS-LC published for KC-XAES-256-GCM", () => {
  for (const { key, nonce, in: plaintext, ad, ct, tag } of committing?.tests ?? []) {
    const made = encrypt(hex(key), hex(nonce), hex(plaintext), hex(ad), true).toString("hex");
    expect(made).toBe(tag.slice(32) + ct + tag.slice(0, 32));
    expect(decrypt(hex(key), hex(nonce), hex(made), hex(ad), true)?.toString("hex")).toBe(plaintext);
  }
  expect(committing?.tests.length ?? 3).toBe(3);
});

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));

test("one key object used for many messages gives the same as a new one for each", () => {
  const key = Buffer.alloc(32, 7);
  const shared = xaesKey(key);
  const inputs = [
    bytes(24),
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 50 }),
    fc.boolean(),
  ] as const;
  fc.assert(
    fc.property(...inputs, (nonce, plaintext, associatedData, committing) => {
      const made = shared.encrypt(plaintext, { nonce, headroom: 7, associatedData, committing });
      expect(made.subarray(7, 31)).toEqual(nonce);
      expect(made.subarray(31)).toEqual(encrypt(key, nonce, plaintext, associatedData, committing));
      expect(shared.decrypt(made, { headroom: 7, associatedData, committing })).toEqual(Buffer.from(plaintext));
    }),
  );
});

test("refuses a message that commits to another key, although its tag is right", () => {
  fc.assert(
    fc.property(bytes(32), bytes(32), bytes(24), (key, other, nonce) => {
      fc.pre(!key.equals(other));
      const honest = encrypt(key, nonce, Buffer.from("x"), Buffer.of(), true);
      const commitment = encrypt(other, nonce, Buffer.from("x"), Buffer.of(), true).subarray(0, 32);
      const forged = Buffer.concat([commitment, honest.subarray(32)]);
      expect(decrypt(key, nonce, honest, Buffer.of(), true)).toEqual(Buffer.from("x"));
      expect(decrypt(key, nonce, forged, Buffer.of(), true)).toBe(undefined);
    }),
  );
});

test("refuses a key that has not 32 bytes", () => {
  expect(() => xaesKey(Buffer.alloc(16))).toThrow("32 bytes");
});

test("text is encrypted as its UTF-8", () => {
  const key = Buffer.alloc(32, 7);
  const nonce = Buffer.alloc(24, 1);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 2_000 }), fc.boolean(), (text, committing) => {
      const options = { nonce, headroom: 0, associatedData: Buffer.of(1), committing };
      expect(xaesKey(key).encrypt(text, options)).toEqual(xaesKey(key).encrypt(Buffer.from(text), options));
    }),
  );
});
