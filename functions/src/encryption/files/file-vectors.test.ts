import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { fileBinding, partMark } from "./file-key.js";
import { fileLayout } from "./file-layout.js";
import { floeWriter } from "./floe.js";
import { openStream } from "./floe-stream.js";
import { sealPart } from "./write-part.js";

/** docs/vectors/files.json, published for other implementations: section "Files" of docs/formats.md. */
const published = join(__dirname, "../../../../docs/vectors/files.json");

const CASES = [
  { class: "RED", folder: "letters/{uid}/", place: "letters/u1/", uid: "u1", size: 0 },
  { class: "RED", folder: "letters/{uid}/", place: "letters/u1/", uid: "u1", size: 31 },
  { class: "AMBER", folder: "books/{book}/sketches/{uid}/", place: "books/b-1/sketches/Zoë/", uid: "Zoë", size: 64 },
  { class: "RED", folder: "letters/{uid}/", place: "letters/u1/", uid: "u1", size: 300 },
] as const;

const CUT = { segmentBytes: 64, partBytes: 128 };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const digest = (...parts: readonly (string | number)[]): Buffer =>
  createHash("sha256").update(parts.join("/")).digest();

/** "Randomness" that is the same every time. */
const counting = (seed: string) => {
  let count = 0;
  return (size: number): Uint8Array => digest(seed, (count += 1)).subarray(0, size);
};

const vectorOf = ({ folder, place, uid, size, ...rest }: (typeof CASES)[number], index: number) => {
  const file = digest("file", index).subarray(0, 16).toString("base64url");
  const contentKey = digest("key", index);
  const plaintext = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7 + index) % 256));
  const layout = fileLayout(size, CUT);
  const binding = fileBinding({ folder, class: rest.class }, { file, uid, place, size });
  const writer = floeWriter({ random: counting(`random/${String(index)}`) }, contentKey, binding, layout.params);
  const parts = Array.from({ length: layout.parts }, (_, part) => {
    const bytes = plaintext.subarray(part * CUT.partBytes, (part + 1) * CUT.partBytes);
    return {
      object: hex(Buffer.concat([...sealPart(writer, layout, part, bytes)])),
      mark: hex(partMark(contentKey, part, createHash("sha256").update(bytes).digest())),
    };
  });
  const facts = { class: rest.class, folder, place, uid, file, size, partBytes: CUT.partBytes };
  return {
    ...facts,
    contentKey: hex(contentKey),
    plaintext: hex(plaintext),
    binding: hex(binding),
    header: hex(writer.header),
    parts,
  };
};

const vectors = CASES.map(vectorOf);

test("the published vectors are what this code makes (written anew with FIREKEEP_UPDATE_GOLDEN=1)", () => {
  const about = "Firekeep, docs/formats.md, section Files. Bytes are in hex, FLOE segments have 64 bytes of plaintext.";
  const made = `${JSON.stringify({ about, files: vectors }, null, 2)}\n`;
  if (process.env["FIREKEEP_UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(published), { recursive: true });
    writeFileSync(published, made);
  }
  expect(existsSync(published)).toBe(true);
  expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(JSON.parse(made));
});

test("their objects, one after the other, are FLOE ciphertexts that open to their plaintexts", async () => {
  for (const { contentKey, binding, parts, plaintext } of vectors) {
    const use = {
      key: Buffer.from(contentKey, "hex"),
      associatedData: Buffer.from(binding, "hex"),
      params: { segmentBytes: CUT.segmentBytes + 32 },
    };
    const opened: Buffer[] = [];
    const objects = parts.map(({ object }) => Buffer.from(object, "hex"));
    for await (const chunk of openStream(use, objects)) opened.push(chunk);
    expect(hex(Buffer.concat(opened))).toBe(plaintext);
  }
});
