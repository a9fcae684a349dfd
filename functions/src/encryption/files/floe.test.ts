import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isDomainError } from "../../kernel/errors.js";
import { FLOE_HEADER_BYTES, floeReader, floeWriter, resumeFloe, SEGMENT_OVERHEAD, type FloeParams } from "./floe.js";
import { openStream, sealStream, type FloeUse } from "./floe-stream.js";

const folder = join(__dirname, "../../../../../shared/vectors/crypto/floe");

// Published known answers (Snowflake-Labs/floe-specification): [name, segment length, segments a key as a power of two].
const KNOWN: readonly (readonly [name: string, segmentBytes: number, rotationBits: number])[] = [
  ["cpp_GCM256_IV256_4K", 4_096, 20],
  ["cpp_GCM256_IV256_64", 64, 20],
  ["cpp_rotation", 40, 2],
  ["go_GCM256_IV256_4K", 4_096, 20],
  ["go_GCM256_IV256_64", 64, 20],
  ["go_rotation", 40, 2],
  ["java_GCM256_IV256_4K", 4_096, 20],
  ["java_GCM256_IV256_64", 64, 20],
  ["java_lastSegAligned", 40, 20],
  ["java_lastSegEmpty", 40, 20],
  ["java_rotation", 40, 2],
];

const KEY = Buffer.alloc(32);
const AAD = Buffer.from("This is AAD");

const readHex = (name: string): Buffer => Buffer.from(readFileSync(join(folder, name), "utf8").trim(), "hex");

/** Randomness that is what the published ciphertext drew: its IV, then each segment's. */
const replay = (ciphertext: Buffer, { segmentBytes }: FloeParams) => {
  let at = FLOE_HEADER_BYTES + 4;
  let begun = false;
  return (size: number): Uint8Array => {
    if (!begun) {
      begun = true;
      return ciphertext.subarray(10, 10 + size);
    }
    const iv = ciphertext.subarray(at, at + size);
    at += segmentBytes;
    return iv;
  };
};

const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};

const answers = existsSync(folder) ? KNOWN : [];
if (answers.length === 0)
  process.stderr.write(
    "\n!!! SKIPPED: no published vectors at ../shared/vectors/crypto/floe; this run proves less\n\n",
  );

test("the 11 published known answers open", async () => {
  for (const [name, segmentBytes, rotationBits] of answers) {
    const params = { segmentBytes, rotationBits };
    const opened = await collect(openStream({ key: KEY, associatedData: AAD, params }, [readHex(`${name}_ct.txt`)]));
    expect({ name, opens: opened.equals(readHex(`${name}_pt.txt`)) }).toEqual({ name, opens: true });
  }
});

// `lastSegEmpty` ends in an empty segment after a full one, which our stream never writes: each is made by itself.
test("the 11 published known answers are made again, byte for byte, with the IVs that they drew", () => {
  for (const [name, segmentBytes, rotationBits] of answers) {
    const params = { segmentBytes, rotationBits };
    const [plaintext, ciphertext] = [readHex(`${name}_pt.txt`), readHex(`${name}_ct.txt`)];
    const writer = floeWriter({ random: replay(ciphertext, params) }, KEY, AAD, params);
    const count = Math.ceil((ciphertext.length - FLOE_HEADER_BYTES) / segmentBytes);
    const room = segmentBytes - SEGMENT_OVERHEAD;
    const made = Array.from({ length: count }, (_, position) =>
      writer.seal({ position, last: position === count - 1 }, [
        plaintext.subarray(position * room, (position + 1) * room),
      ]),
    );
    const same = Buffer.concat([writer.header, ...made.flat()]).equals(ciphertext);
    expect({ name, same }).toEqual({ name, same: true });
  }
});

const PARAMS = { segmentBytes: 48 };
const ROOM = PARAMS.segmentBytes - SEGMENT_OVERHEAD;
const use: FloeUse = { key: randomBytes(32), associatedData: Buffer.from("here"), params: PARAMS };
const seal = (plaintext: Uint8Array, under: FloeUse = use): Promise<Buffer> =>
  collect(sealStream({ random: randomBytes }, under, [plaintext]));

/** What a stream released before it was refused; undefined when it was not refused. */
const released = async (under: FloeUse, ciphertext: Uint8Array): Promise<Buffer | undefined> => {
  const out: Buffer[] = [];
  try {
    for await (const chunk of openStream(under, [ciphertext])) out.push(chunk);
  } catch (error) {
    if (!isDomainError(error, "encryption/undecryptable")) throw error;
    return Buffer.concat(out);
  }
  return undefined;
};

const bytes = (maxLength = 200) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** The same bytes, cut at any places. */
const cutAt = (whole: Buffer, places: readonly number[]): Buffer[] => {
  const at = [...places.map((place) => place % (whole.length + 1)), 0, whole.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => whole.subarray(at[index], end));
};

describe("a stream", () => {
  test("gives what one piece gives, wherever its chunks are cut, on both sides", async () => {
    const property = fc.asyncProperty(
      bytes(),
      fc.array(fc.nat(400)),
      fc.array(fc.nat(400)),
      async (plaintext, cuts, others) => {
        const ciphertext = await collect(sealStream({ random: randomBytes }, use, cutAt(plaintext, cuts)));
        const segments = Math.max(1, Math.ceil(plaintext.length / ROOM));
        expect(ciphertext).toHaveLength(FLOE_HEADER_BYTES + plaintext.length + segments * SEGMENT_OVERHEAD);
        expect((await collect(openStream(use, cutAt(ciphertext, others)))).equals(plaintext)).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });

  test("refuses every flipped bit, and releases nothing of the segment it is in", async () => {
    const plaintext = randomBytes(2 * ROOM + 5);
    const ciphertext = await seal(plaintext);
    for (let bit = 0; bit < ciphertext.length * 8; bit += 1) {
      const altered = Buffer.from(ciphertext);
      altered[bit >>> 3] = (altered[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      const segment = Math.floor(((bit >>> 3) - FLOE_HEADER_BYTES) / PARAMS.segmentBytes);
      const whole = plaintext.subarray(0, Math.max(segment, 0) * ROOM);
      expect((await released(use, altered))?.equals(whole)).toBe(true);
    }
  });

  test("refuses what was cut, at a segment's end too", async () => {
    const ciphertext = await seal(randomBytes(3 * ROOM));
    for (let length = 0; length < ciphertext.length; length += 1)
      expect(await released(use, ciphertext.subarray(0, length))).toBeDefined();
  });

  test("refuses what was appended, by bytes or by segments", async () => {
    const ciphertext = await seal(randomBytes(2 * ROOM));
    const segment = ciphertext.subarray(-PARAMS.segmentBytes);
    for (const more of [Buffer.alloc(1), Buffer.alloc(PARAMS.segmentBytes), segment, Buffer.from(ciphertext)])
      expect(await released(use, Buffer.concat([ciphertext, more]))).toBeDefined();
  });

  test("refuses segments that were swapped, repeated, left out, or taken from another file of the same key", async () => {
    const [one, other] = [await seal(randomBytes(4 * ROOM)), await seal(randomBytes(4 * ROOM))];
    const cut = (of: Buffer) =>
      [0, 1, 2, 3].map((index) =>
        of.subarray(
          FLOE_HEADER_BYTES + index * PARAMS.segmentBytes,
          FLOE_HEADER_BYTES + (index + 1) * PARAMS.segmentBytes,
        ),
      );
    const [header, a, b] = [one.subarray(0, FLOE_HEADER_BYTES), cut(one), cut(other)];
    const pick = (from: readonly Buffer[], ...order: number[]) => order.map((index) => from[index] ?? Buffer.alloc(0));
    const orders = [
      pick(a, 1, 0, 2, 3),
      pick(a, 0, 2, 1, 3),
      pick(a, 0, 0, 1, 2, 3),
      pick(a, 0, 1, 3),
      pick(a, 1, 2, 3),
      pick(a, 0, 1, 3, 2),
      [...pick(a, 0), ...pick(b, 1), ...pick(a, 2, 3)],
      [...pick(a, 0, 1, 2), ...pick(b, 3)],
    ];
    for (const order of orders) expect(await released(use, Buffer.concat([header, ...order]))).toBeDefined();
    expect(await released(use, Buffer.concat([header, ...pick(a, 0, 1, 2, 3)]))).toBeUndefined();
  });

  test("refuses another key, other associated data, another header, another segment length, and releases nothing", async () => {
    const ciphertext = await seal(randomBytes(3 * ROOM));
    const foreign = await seal(randomBytes(3 * ROOM));
    const headed = Buffer.concat([foreign.subarray(0, FLOE_HEADER_BYTES), ciphertext.subarray(FLOE_HEADER_BYTES)]);
    const refused = [
      await released({ ...use, key: randomBytes(32) }, ciphertext),
      await released({ ...use, associatedData: Buffer.from("there") }, ciphertext),
      await released({ ...use, params: { segmentBytes: 49 } }, ciphertext),
      await released(use, headed),
    ];
    for (const out of refused) expect(out).toHaveLength(0);
  });

  test("commits to its key: a ciphertext under one key opens under no other, whatever is done to its header's tag", async () => {
    const ciphertext = await seal(randomBytes(10));
    const other = { ...use, key: randomBytes(32) };
    const retagged = Buffer.concat([
      (await seal(Buffer.alloc(0), other)).subarray(0, FLOE_HEADER_BYTES),
      ciphertext.subarray(FLOE_HEADER_BYTES),
    ]);
    expect(await released(other, retagged)).toHaveLength(0);
  });
});

describe("a segment", () => {
  test("opens by itself, in any order, to the same slice", async () => {
    const property = fc.asyncProperty(bytes(400), fc.nat(), async (plaintext, at) => {
      const ciphertext = await seal(plaintext);
      const count = Math.max(1, Math.ceil(plaintext.length / ROOM));
      const position = at % count;
      const from = FLOE_HEADER_BYTES + position * PARAMS.segmentBytes;
      const start = { ...use, header: ciphertext.subarray(0, FLOE_HEADER_BYTES) };
      const segment = ciphertext.subarray(from, from + PARAMS.segmentBytes);
      const place = { position, last: position === count - 1 };
      const slice = plaintext.subarray(position * ROOM, (position + 1) * ROOM);
      expect(floeReader(use.key, start)?.open(place, segment)?.equals(slice)).toBe(true);
      expect(floeReader(use.key, start)?.open({ ...place, last: !place.last }, segment)).toBeUndefined();
      expect(floeReader(use.key, start)?.open({ ...place, position: position + 1 }, segment)).toBeUndefined();
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test("is written by whoever goes on with the file, and by nobody with another key", async () => {
    const writer = floeWriter({ random: randomBytes }, use.key, use.associatedData, PARAMS);
    const start = { ...use, header: writer.header };
    const second = resumeFloe({ random: randomBytes }, use.key, start)?.seal({ position: 1, last: true }, [
      Buffer.from("end"),
    ]);
    const first = writer.seal({ position: 0, last: false }, [Buffer.alloc(ROOM)]);
    const opened = await collect(openStream(use, [writer.header, ...first, ...(second ?? [])]));
    expect(opened.subarray(ROOM).toString()).toBe("end");
    expect(resumeFloe({ random: randomBytes }, randomBytes(32), start)).toBeUndefined();
  });

  test("is full, but for the last", () => {
    const writer = floeWriter({ random: randomBytes }, use.key, use.associatedData, PARAMS);
    expect(() => writer.seal({ position: 0, last: false }, [Buffer.alloc(ROOM - 1)])).toThrow(TypeError);
    expect(() => writer.seal({ position: 0, last: true }, [Buffer.alloc(ROOM + 1)])).toThrow(TypeError);
  });

  test("is under another key after so many", () => {
    const params = { segmentBytes: 48, rotationBits: 1 };
    const fixed = (size: number) => Buffer.alloc(size, 7);
    const writer = floeWriter({ random: fixed }, use.key, use.associatedData, params);
    const at = (position: number) => writer.seal({ position, last: false }, [Buffer.alloc(ROOM)])[1]?.toString("hex");
    // Same IV everywhere: equal keys would give equal ciphertexts.
    expect(at(0)).toBe(at(1));
    expect(at(2)).not.toBe(at(1));
    expect(at(2)).toBe(at(3));
  });
});

test("streams of any length hold a segment on each side, and the chunk that just came", async () => {
  const params = { segmentBytes: 256 * 1_024 + SEGMENT_OVERHEAD };
  await expect(heldAtMost(randomBytes(32), params)).resolves.toBeLessThanOrEqual(2 * params.segmentBytes + 64 * 1_024);
});

/** Most bytes that a stream took in without having given them out, in both directions. */
const heldAtMost = async (key: Uint8Array, params: FloeParams): Promise<number> => {
  let [taken, given, most] = [0, 0, 0];
  const source = function* () {
    for (let index = 0; index < 64; index += 1) {
      const chunk = Buffer.alloc(64 * 1_024);
      taken += chunk.length;
      most = Math.max(most, taken - given);
      yield chunk;
    }
  };
  const under = { key, associatedData: AAD, params };
  for await (const piece of openStream(under, sealStream({ random: randomBytes }, under, source())))
    given += piece.length;
  return most;
};
