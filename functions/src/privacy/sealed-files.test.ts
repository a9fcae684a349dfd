import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "@jest/globals";
import { memoryFiles } from "./privacy.fixture.js";
import { sealedFiles } from "./sealed-files.js";

// Stands for the encryption: names its place, and turns the bytes round.
const turn = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte) => byte ^ 1));
const crypto = {
  sealObject: async function* (
    place: { name: string; subject: string },
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ) {
    yield Buffer.from(`${place.subject}|`);
    for await (const chunk of source) yield turn(chunk);
  },
  openObject: async function* (place: { subject: string }, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    const all: Uint8Array[] = [];
    for await (const chunk of source) all.push(Buffer.from(chunk));
    yield turn(Buffer.concat(all).subarray(place.subject.length + 1));
  },
};

test("exports are written under their person's key, as text or as a stream, and read back", async () => {
  const bucket = memoryFiles();
  const files = sealedFiles(bucket, crypto);
  await files.write("exports/ann/1.json", "dear");
  await files.write("exports/ann/2.json", Readable.from(["de", Buffer.from("ar")]));
  for (const name of ["exports/ann/1.json", "exports/ann/2.json"]) {
    expect(bucket.objects.get(name)).toBe(`ann|${turn(Buffer.from("dear")).toString()}`);
    const content = await files.read(name);
    expect(content && (await text(content))).toBe("dear");
  }
  await expect(files.read("exports/ann/3.json")).resolves.toBeUndefined();
});

test("nothing else is written", () => {
  const files = sealedFiles(memoryFiles(), crypto);
  for (const name of ["photos/ann/a.png", "exports/ann", "exports//a"])
    expect(() => files.write(name, "x")).toThrow(TypeError);
});
