import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { concat, utf8 } from "../bytes.ts";
import { floeKey, HEADER_BYTES, sealedLength, startSealing, type FloeKey } from "./floe.ts";
import { openingStream, openReader, sealingStream } from "./floe-stream.ts";

const through = async (
  stream: TransformStream<Uint8Array, Uint8Array>,
  chunks: readonly Uint8Array[],
): Promise<Uint8Array> => {
  const source = new ReadableStream<Uint8Array>({
    start: (out) => {
      for (const chunk of chunks) out.enqueue(chunk);
      out.close();
    },
  });
  return new Uint8Array(await new Response(source.pipeThrough(stream) as ReadableStream).arrayBuffer());
};

const someKey = async (aad = "for ann"): Promise<FloeKey> => ({
  key: await floeKey(new Uint8Array(32).fill(7)),
  aad: utf8(aad),
});

const chunksOf = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));

const sealed = async (key: FloeKey, content: Uint8Array, segmentBytes = 64, chunk = 17): Promise<Uint8Array> =>
  through(sealingStream(await startSealing(key, segmentBytes)), chunksOf(content, chunk));

const ALTERED = { code: "client/sealed-altered" };
const counted = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);

describe("the published vectors", () => {
  const folder = join(__dirname, "../../../../shared/vectors/crypto/floe");
  const names = ["GCM256_IV256_4K", "GCM256_IV256_64", "rotation"].flatMap((name) =>
    ["cpp", "go", "java"].map((by) => `${by}_${name}`),
  );
  test("all eleven are opened to what they were made of, in a stream and at will", async () => {
    if (!existsSync(folder)) {
      process.stderr.write(
        "\n!!! SKIPPED: no published vectors at ../shared/vectors/crypto/floe; this run proves less\n\n",
      );
      return;
    }
    const read = (name: string) => Uint8Array.from(Buffer.from(readFileSync(join(folder, name), "utf8").trim(), "hex"));
    for (const name of [...names, "java_lastSegAligned", "java_lastSegEmpty"]) {
      const [content, stored] = [read(`${name}_pt.txt`), read(`${name}_ct.txt`)];
      const key = {
        key: await floeKey(new Uint8Array(32)),
        aad: utf8("This is AAD"),
        ...(name.endsWith("rotation") && { rotationBits: 2 }),
      };
      expect([name, await through(openingStream(key), chunksOf(stored, 1000))]).toEqual([name, content]);
      const reader = await openReader(key, stored.length, async (start, end) => stored.subarray(start, end));
      expect([name, await reader.read(0)]).toEqual([name, content]);
    }
  });
});

test("what was sealed in any chunks is opened in any chunks, whole and in parts", async () => {
  const key = await someKey();
  const cases = fc.tuple(
    fc.uint8Array({ maxLength: 200 }),
    fc.integer({ min: 33, max: 80 }),
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 1, max: 90 }),
    fc.nat(),
    fc.nat(),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([content, segmentBytes, inward, outward, a, b]) => {
      const stored = await sealed(key, content, segmentBytes, inward);
      expect(stored).toHaveLength(sealedLength(content.length, segmentBytes));
      expect(await through(openingStream(key), chunksOf(stored, outward))).toEqual(Uint8Array.from(content));
      const reader = await openReader(key, stored.length, async (start, end) => stored.slice(start, end));
      const ends = [a % (content.length + 1), b % (content.length + 1)];
      const [start, end] = [Math.min(...ends), Math.max(...ends)];
      expect(await reader.read(start, end)).toEqual(Uint8Array.from(content.subarray(start, end)));
    }),
    { numRuns: 60 },
  );
});

describe("refused is", () => {
  test("every flipped bit, wherever it is", async () => {
    const key = await someKey();
    const stored = await sealed(key, counted(70));
    for (let bit = 0; bit < stored.length * 8; bit += 3) {
      const changed = Uint8Array.from(stored);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      await expect(through(openingStream(key), [changed])).rejects.toMatchObject(ALTERED);
    }
  });

  test("another key, and another purpose, owner or name", async () => {
    const key = await someKey();
    const stored = await sealed(key, counted(70));
    const other = { ...key, key: await floeKey(new Uint8Array(32).fill(8)) };
    await expect(through(openingStream(other), [stored])).rejects.toMatchObject(ALTERED);
    await expect(through(openingStream(await someKey("for bob")), [stored])).rejects.toMatchObject(ALTERED);
  });

  test("a message cut short anywhere, with something after it, or with segments changed about", async () => {
    const key = await someKey();
    const stored = await sealed(key, counted(32 * 4));
    for (let length = 0; length < stored.length; length += 1) {
      const cut = stored.subarray(0, length);
      await expect(through(openingStream(key), chunksOf(cut, 50))).rejects.toMatchObject(ALTERED);
      await expect(openReader(key, length, async (from, to) => cut.slice(from, to))).rejects.toMatchObject(ALTERED);
    }
    await expect(through(openingStream(key), [stored, Uint8Array.of(0)])).rejects.toMatchObject(ALTERED);
    await expect(through(openingStream(key), [concat(stored, Uint8Array.of(0))])).rejects.toMatchObject(ALTERED);
    const [header, first, second, rest] = [
      stored.subarray(0, HEADER_BYTES),
      stored.subarray(HEADER_BYTES, HEADER_BYTES + 64),
      stored.subarray(HEADER_BYTES + 64, HEADER_BYTES + 128),
      stored.subarray(HEADER_BYTES + 128),
    ];
    await expect(through(openingStream(key), [header, second, first, rest])).rejects.toMatchObject(ALTERED);
    await expect(through(openingStream(key), [header, first, rest])).rejects.toMatchObject(ALTERED);
  });

  test("a header that asks for more memory than a segment may need", async () => {
    const key = await someKey();
    const stored = await sealed(key, counted(5));
    stored.set([0x7f, 0xff, 0xff, 0xff], 2);
    await expect(through(openingStream(key), [stored])).rejects.toMatchObject(ALTERED);
  });
});

test("a stream holds one segment, however much flows through it", async () => {
  const key = await someKey();
  const sealing = sealingStream(await startSealing(key, 1024));
  const [writer, reader] = [sealing.writable.getWriter(), sealing.readable.getReader()];
  let pulled = 0;
  const drained = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      expect(next.value.length).toBeLessThanOrEqual(1024);
      pulled += next.value.length;
    }
  })();
  for (let index = 0; index < 500; index += 1) await writer.write(counted(700));
  expect(pulled).toBeGreaterThan(499 * 700 - 2 * 1024);
  await writer.close();
  await drained;
});
