import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { Readable } from "node:stream";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { heldFileText } from "./export-held-file.js";

const held = { file: "f1", size: 9, at: Date.UTC(2026, 10, 22), finished: true };
const facts = { folder: "letters", file: "f1", contentType: "text/plain", bytes: 9, at: "2026-11-22T00:00:00.000Z" };

test("a file is one line of JSON, its bytes whole however they come", async () => {
  const property = fc.asyncProperty(fc.array(fc.nat(50)), async (lengths) => {
    const chunks = lengths.map((length) => randomBytes(length));
    const content = Readable.from(chunks) as AsyncIterable<Buffer>;
    const line = await text(
      Readable.from(heldFileText("letters", held, { contentType: "text/plain", name: 'a"b', content })),
    );
    expect(JSON.parse(line)).toEqual({
      ...facts,
      name: 'a"b',
      finished: true,
      content: Buffer.concat(chunks).toString("base64"),
    });
  });
  await fc.assert(property, { numRuns: 50 });
});

test("an upload under way is told without its content", async () => {
  const line = heldFileText("letters", { ...held, finished: false }, { contentType: "text/plain" });
  expect(JSON.parse(await text(Readable.from(line)))).toEqual({ ...facts, finished: false });
});
