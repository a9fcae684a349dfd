import { createHmac, randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { floeReader, floeWriter } from "../../../functions/src/encryption/files/floe.js";
import { floeKey, HEADER_BYTES, startOpening, startSealing } from "./floe.ts";
import { createMasterKey, recoverMasterKey } from "./master-key.ts";
import { lockWithPasskey, openPasskeyLock } from "./passkey-lock.ts";
import { openFile, openFileReader, rewrapFile, sealFile } from "./sealed-file.ts";

const place = { purpose: "attachments", owner: "ann", name: "diary.pdf" };
const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 253);
const collected = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
const is = (bytes: Uint8Array, expected = content) => Buffer.compare(bytes, expected) === 0; // toEqual takes seconds
const streamOf = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]).stream();
const sealedUnder = async (segmentBytes?: number) => {
  const { master } = await createMasterKey();
  const file = { content: new Blob([content]), place, ...(segmentBytes !== undefined && { segmentBytes }) };
  const { size, stream } = await sealFile(master, file);
  return { master, size, stored: await collected(stream) };
};

describe("a sealed file", () => {
  test("is as long as was said, and comes back whole or in parts", async () => {
    const { master, size, stored } = await sealedUnder(4096);
    expect(stored).toHaveLength(size);
    expect(is(await collected(await openFile(master, { stream: streamOf(stored), place })))).toBe(true);
    let fetched = 0;
    const readRange = async (start: number, end: number) => {
      fetched += end - start;
      return stored.slice(start, end);
    };
    const reader = await openFileReader(master, { size, readRange, place });
    expect(reader.length).toBe(content.length);
    expect(await reader.read(100_000, 100_020)).toEqual(content.slice(100_000, 100_020));
    expect(fetched).toBeLessThan(3 * 4096);
  });

  test("goes over to a new master key without its content being touched", async () => {
    const { master: from, stored } = await sealedUnder();
    const { master: to } = await createMasterKey();
    const next = await collected(await rewrapFile({ from, to }, { stream: streamOf(stored), place }));
    expect(is(next.subarray(93), stored.subarray(93))).toBe(true);
    expect(is(await collected(await openFile(to, { stream: streamOf(next), place })))).toBe(true);
    await expect(openFile(from, { stream: streamOf(next), place })).rejects.toMatchObject({
      code: "client/sealed-key-wrong",
    });
  });

  test("under another name or of another owner stays closed, and so does one cut short", async () => {
    const { master, stored } = await sealedUnder();
    for (const wrong of [
      { ...place, name: "other.pdf" },
      { ...place, owner: "bob" },
    ])
      await expect(openFile(master, { stream: streamOf(stored), place: wrong })).rejects.toMatchObject({
        code: "client/sealed-altered",
      });
    await expect(openFile(master, { stream: streamOf(stored.subarray(0, 92)), place })).rejects.toMatchObject({
      code: "client/sealed-altered",
    });
    const cut = await openFile(master, { stream: streamOf(stored.subarray(0, -1)), place });
    await expect(collected(cut)).rejects.toMatchObject({ code: "client/sealed-altered" });
  });
});

test("the server's FLOE opens what this one seals, and the other way round", async () => {
  const secret = Uint8Array.from({ length: 32 }, (_, index) => index);
  const [key, aad, room] = [
    { key: await floeKey(secret), aad: Buffer.from("both"), rotationBits: 1 },
    Buffer.from("both"),
    100,
  ];
  const params = { segmentBytes: room + 32, rotationBits: 1 };
  const pieces = [
    content.slice(0, room),
    content.slice(room, 2 * room),
    content.slice(2 * room, 3 * room),
    content.slice(0, 7),
  ];
  const places = pieces.map((_, position) => ({ position, last: position === pieces.length - 1 }));

  const ours = await startSealing(key, params.segmentBytes);
  const theirs = floeReader(secret, { header: Buffer.from(ours.header), associatedData: aad, params });
  for (const at of places) {
    const segment = await ours.seal(at.position, pieces[at.position]!, at.last);
    expect(theirs?.open(at, segment)).toEqual(Buffer.from(pieces[at.position]!));
  }

  const writer = floeWriter({ random: (length) => randomBytes(length) }, secret, aad, params);
  expect(writer.header).toHaveLength(HEADER_BYTES);
  const opening = await startOpening(key, writer.header);
  for (const at of places) {
    const segment = Buffer.concat(writer.seal(at, [pieces[at.position]!]));
    expect(await opening.open(at.position, segment, at.last)).toEqual(Uint8Array.from(pieces[at.position]!));
  }
});

describe("a passkey's lock", () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  afterEach(() => void (before && Object.defineProperty(globalThis, "navigator", before)));

  /** An authenticator whose `prf` is an HMAC under a secret of its own; without one it has no `prf`. */
  const plugIn = (prf: string | undefined, cancels = false) => {
    const get = async ({ publicKey }: CredentialRequestOptions) => {
      if (cancels) throw new DOMException("no", "NotAllowedError");
      const input = publicKey?.extensions?.prf?.eval?.first as Uint8Array;
      const first = prf === undefined ? undefined : new Uint8Array(createHmac("sha256", prf).update(input).digest());
      const results = first === undefined ? {} : { prf: { results: { first: first.buffer } } };
      return { rawId: Uint8Array.of(1, 2, 3).buffer, getClientExtensionResults: () => results };
    };
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: { credentials: { get } } });
  };

  test("opens with its passkey, and neither with another, for another person, nor after a change", async () => {
    const { master, recoveryKey } = await createMasterKey();
    plugIn("ann's");
    const lock = await lockWithPasskey(recoveryKey, "ann");
    const { stream } = await sealFile(master, { content: new Blob([content]), place });
    expect(is(await collected(await openFile(await openPasskeyLock(lock, "ann"), { stream, place })))).toBe(true);
    const altered = { code: "client/sealed-altered" };
    await expect(openPasskeyLock(lock, "bob")).rejects.toMatchObject(altered);
    const changed = Uint8Array.from(lock);
    changed[80]! ^= 1;
    await expect(openPasskeyLock(changed, "ann")).rejects.toMatchObject(altered);
    plugIn("bob's");
    await expect(openPasskeyLock(lock, "ann")).rejects.toMatchObject(altered);
  });

  test("says what the browser has not, and what the person did not do", async () => {
    const { recoveryKey } = await createMasterKey();
    plugIn(undefined);
    await expect(lockWithPasskey(recoveryKey, "ann")).rejects.toMatchObject({ code: "client/passkey-prf-missing" });
    plugIn("ann's", true);
    await expect(lockWithPasskey(recoveryKey, "ann")).rejects.toMatchObject({ code: "client/passkey-cancelled" });
    await expect(recoverMasterKey(recoveryKey)).resolves.toBeDefined();
  });
});
