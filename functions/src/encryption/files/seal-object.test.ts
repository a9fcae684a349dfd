import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { testDomain } from "../encryption.fixture.js";
import { openObject, sealObject, type ObjectPlace } from "./seal-object.js";

const place = { name: "exports/ann/1.json", subject: "ann" };

const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};

const world = () => {
  const deps = { ...testDomain(), random: (size: number) => randomBytes(size) };
  const seal = (content: readonly Uint8Array[], at: ObjectPlace = place) => collect(sealObject(deps, at, content));
  const open = (sealed: readonly Uint8Array[], at: ObjectPlace = place) => collect(openObject(deps, at, sealed));
  return { deps, seal, open };
};

test("an object opens to what it was sealed from, however its bytes come", async () => {
  const { seal, open } = world();
  const content = randomBytes(200_000);
  const sealed = await seal([content.subarray(0, 7), content.subarray(7)]);
  expect(sealed.includes(content.subarray(0, 32))).toBe(false);
  expect((await open([sealed])).equals(content)).toBe(true);
  const bytewise = Array.from({ length: 300 }, (_, at) => sealed.subarray(at, at + 1));
  expect((await open([...bytewise, sealed.subarray(300)])).equals(content)).toBe(true);
  expect(await open([await seal([])])).toHaveLength(0);
});

test("an object is refused under another name or subject, altered or cut anywhere, and once the keys are gone", async () => {
  const { deps, seal, open } = world();
  const sealed = await seal([randomBytes(500)]);
  const refused = { code: "encryption/undecryptable" };
  await expect(open([sealed], { ...place, name: "exports/ann/2.json" })).rejects.toMatchObject(refused);
  await seal([Buffer.from("hers")], { ...place, subject: "eve" });
  await expect(open([sealed], { ...place, subject: "eve" })).rejects.toMatchObject(refused);
  for (let at = 0; at < sealed.length; at += 11) {
    const altered = Buffer.from(sealed);
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(open([altered])).rejects.toMatchObject({ code: expect.stringMatching(/^encryption\//) as unknown });
    await expect(open([sealed.subarray(0, at)])).rejects.toMatchObject(refused);
  }
  await deps.dataKeys.destroy("ann");
  await expect(open([sealed])).rejects.toMatchObject({ code: "encryption/key-missing" });
});
