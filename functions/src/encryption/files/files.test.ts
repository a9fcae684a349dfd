import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { config } from "../../config.js";
import { DAY } from "../../kernel/time.js";
import { beginFile } from "./begin-file.js";
import {
  askStatus,
  contentOf,
  CUT,
  digestHeader,
  fetchFile,
  fetchWith,
  newLetter,
  partOf,
  sendPart,
  store,
  testFiles,
} from "./files.fixture.js";
import { finishFile } from "./finish-file.js";
import { listFiles } from "./list-files.js";
import { openFile } from "./open-file.js";
import { listHeld, openHeld } from "./held-files.js";
import { openStream } from "./floe-stream.js";
import { fileBinding, openSecrets } from "./file-key.js";
import { removeFile } from "./remove-file.js";
import type { SeenFile } from "./stored-file.js";
import { sweepFiles } from "./sweep-files.js";

const tokensOf = ({ row }: SeenFile) => row["_e"] as Readonly<Record<string, unknown>>;

const refused = (code: string) => expect.objectContaining({ code: `encryption/${code}` }) as unknown as Error;

describe("an upload", () => {
  test("goes on where it was interrupted, in any order, and is a file only when it is finished", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const content = randomBytes(10_000);
    const begun = await beginFile(files.deps, ann, newLetter("ann", content.length));
    expect(begun).toMatchObject({ parts: 3, partBytes: CUT.partBytes, arrived: [] });
    await sendPart(files, begun.ticket, 2, partOf(content, 2));
    await expect(finishFile(files.deps, "ann", begun.file)).rejects.toMatchObject({
      code: "encryption/file-incomplete",
      details: { missing: [0, 1] },
    });
    await expect(openFile(files.deps, ann, begun.file)).rejects.toEqual(refused("file-unknown"));
    const again = await beginFile(files.deps, ann, newLetter("ann", content.length, { resume: begun.file }));
    expect(again).toMatchObject({ file: begun.file, arrived: [2] });
    await sendPart(files, again.ticket, 1, partOf(content, 1));
    expect((await askStatus(files, again.ticket)).body).toEqual({
      size: 10_000,
      partBytes: CUT.partBytes,
      parts: 3,
      arrived: [1, 2],
    });
    expect((await sendPart(files, again.ticket, 0, partOf(content, 0))).body).toEqual({ part: 0, arrived: [0, 1, 2] });
    const place = { folder: "letters", params: { uid: "ann" }, limit: 10 };
    expect((await listFiles(files.deps, ann, place)).files).toEqual([]);
    await expect(finishFile(files.deps, "ann", begun.file)).resolves.toEqual({ file: begun.file, size: 10_000 });
    await expect(finishFile(files.deps, "ann", begun.file)).resolves.toEqual({ file: begun.file, size: 10_000 });
    expect((await listFiles(files.deps, ann, place)).files).toMatchObject([
      { file: begun.file, name: "to my love.txt" },
    ]);
    expect((await contentOf(await fetchFile(files, ann, begun.file))).equals(content)).toBe(true);
    expect(files.events.map(({ type }) => type.name)).toEqual(["encryption.file-stored"]);
  });

  test("takes a part that is repeated, and refuses other bytes in its place", async () => {
    const files = testFiles();
    const content = randomBytes(5_000);
    const { ticket } = await beginFile(files.deps, files.signIn("ann"), newLetter("ann", content.length));
    await sendPart(files, ticket, 1, partOf(content, 1));
    const before = files.objects.all.size;
    await expect(sendPart(files, ticket, 1, partOf(content, 1))).resolves.toMatchObject({ status: 200 });
    expect(files.objects.all.size).toBe(before);
    await expect(sendPart(files, ticket, 1, Buffer.alloc(904))).rejects.toEqual(refused("part-differs"));
  });

  test("of 20 that send the same part at once leaves one object, and of 20 that finish at once one file", async () => {
    const files = testFiles();
    const content = randomBytes(3_000);
    const { ticket, file } = await beginFile(files.deps, files.signIn("ann"), newLetter("ann", content.length));
    const sent = Array.from({ length: 20 }, () => sendPart(files, ticket, 0, content));
    for (const { status } of await Promise.all(sent)) expect(status).toBe(200);
    expect(files.objects.all.size).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => finishFile(files.deps, "ann", file)));
    expect(files.events).toHaveLength(1);
    await expect(sendPart(files, ticket, 0, content)).resolves.toMatchObject({ status: 200 });
    const other = Buffer.from(content.map((byte) => byte ^ 1));
    await expect(sendPart(files, ticket, 0, other)).rejects.toEqual(refused("part-differs"));
  });

  test("refuses parts of a wrong number, length or digest", async () => {
    const files = testFiles();
    const content = randomBytes(5_000);
    const { ticket } = await beginFile(files.deps, files.signIn("ann"), newLetter("ann", content.length));
    await expect(sendPart(files, ticket, 2, Buffer.alloc(0))).rejects.toEqual(refused("part-wrong"));
    await expect(sendPart(files, ticket, 0, content.subarray(0, 4_095))).rejects.toEqual(refused("part-wrong"));
    await expect(sendPart(files, ticket, 1, partOf(content, 0))).rejects.toEqual(refused("part-wrong"));
    const foreign = digestHeader(Buffer.from("other"));
    await expect(sendPart(files, ticket, 0, partOf(content, 0), foreign)).rejects.toEqual(refused("digest-wrong"));
    await expect(sendPart(files, ticket, 0, partOf(content, 0), "")).rejects.toEqual(refused("digest-wrong"));
  });

  test("is held to the map: folder, owner, size, type, demand, and how many may be under way", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const begin = (more: object) => beginFile(files.deps, ann, newLetter("ann", 10, more));
    await expect(begin({ folder: "nowhere" })).rejects.toEqual(refused("folder-unknown"));
    for (const folder of ["faces", "statements"])
      await expect(begin({ folder })).rejects.toEqual(refused("folder-closed"));
    await expect(begin({ params: { uid: "bob" } })).rejects.toEqual(refused("not-yours"));
    for (const uid of ["..", "a/b", ""])
      await expect(begin({ params: { uid } })).rejects.toEqual(refused("path-wrong"));
    await expect(begin({ params: { uid: "ann", more: "x" } })).rejects.toEqual(refused("path-wrong"));
    await expect(begin({ size: 1_000_001 })).rejects.toEqual(refused("file-too-large"));
    await expect(begin({ contentType: "text/html" })).rejects.toEqual(refused("file-type-refused"));
    await expect(begin({ folder: "sketches", params: { book: "b1", uid: "ann" } })).rejects.toMatchObject({
      code: "request/assurance-too-low",
    });
    for (let count = 0; count < config.files.unfinished; count += 1) await begin({});
    await expect(begin({})).rejects.toEqual(refused("uploads-too-many"));
  });

  test("that breaks off between bucket and document leaves nothing behind once the file is finished", async () => {
    const files = testFiles();
    const content = randomBytes(100);
    const { ticket, file } = await beginFile(files.deps, files.signIn("ann"), newLetter("ann", content.length));
    await files.objects.write(`letters/ann/${file}/00000-stray`, [content], {});
    await sendPart(files, ticket, 0, content);
    await finishFile(files.deps, "ann", file);
    expect(files.objects.all.size).toBe(1);
  });

  test("that nobody finishes is swept away, and so is a file at the end of its retention", async () => {
    const files = testFiles();
    const ann = files.signIn("ann", { aal: 2 });
    const { ticket } = await beginFile(files.deps, ann, newLetter("ann", 100));
    await sendPart(files, ticket, 0, Buffer.alloc(100));
    const kept = await store(files, ann, Buffer.from("kept"));
    const place = { folder: "sketches", params: { book: "b1", uid: "ann" }, contentType: "image/png" };
    await store(files, ann, Buffer.from("sketch"), place);
    files.time.now += DAY;
    await expect(sweepFiles(files.deps, files.time.now + 1)).resolves.toEqual({ removed: 1 });
    expect(files.objects.all.size).toBe(2);
    files.time.now += 30 * DAY;
    await expect(sweepFiles(files.deps, files.time.now + 1)).resolves.toEqual({ removed: 1 });
    expect([...files.objects.all.keys()].every((name) => name.includes(kept))).toBe(true);
  });
});

describe("what lies in the bucket", () => {
  test("is a FLOE ciphertext, bound to its place and owner, and tells neither name nor type nor content", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const content = Buffer.from("dear diary, ".repeat(900));
    const file = await store(files, ann, content);
    const seen = await files.deps.storedFiles.find(file);
    if (seen === undefined) throw new Error("no row");
    const stored = [...files.objects.all].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(stored).toHaveLength(3);
    const told = JSON.stringify([stored.map(([name, { facts }]) => [name, facts]), seen.row]);
    expect(told).not.toMatch(/love|text\/plain|diary/);
    const ciphertext = Buffer.concat(stored.map(([, { bytes }]) => bytes));
    expect(ciphertext.includes("diary")).toBe(false);
    const { contentKey } = await openSecrets(files.deps, seen);
    const binding = fileBinding(files.deps.dataMap().folder("letters"), { file, ...seen.row });
    const opened: Buffer[] = [];
    const use = { key: contentKey, associatedData: binding, params: { segmentBytes: CUT.segmentBytes + 32 } };
    for await (const chunk of openStream(use, [ciphertext])) opened.push(chunk);
    expect(Buffer.concat(opened).equals(content)).toBe(true);
  });

  test("is of no use in another person's place, nor under another size, and no row's key in another row", async () => {
    const files = testFiles();
    const [ann, eve] = [files.signIn("ann"), files.signIn("eve")];
    const file = await store(files, ann, randomBytes(2_000));
    const own = await store(files, eve, randomBytes(2_000));
    const [theirs, hers] = [await files.deps.storedFiles.find(file), await files.deps.storedFiles.find(own)];
    if (theirs === undefined || hers === undefined) throw new Error("no row");
    const forged = [
      { ...theirs.row, uid: "eve", place: "letters/eve/" },
      { ...hers.row, parts: theirs.row.parts },
      { ...hers.row, parts: theirs.row.parts, header: theirs.row.header },
      { ...hers.row, size: 1_999 },
      { ...hers.row, partBytes: 2_048 },
      { ...hers.row, _e: { ...tokensOf(hers), contentKey: tokensOf(theirs)["contentKey"] } },
      { ...hers.row, _e: {}, contentKey: Buffer.alloc(32), contentType: "text/plain" },
    ];
    for (const [index, row] of forged.entries()) {
      const forgery = `${String(index).padStart(2, "0")}${own.slice(2)}`;
      await files.deps.storedFiles.create(forgery, row);
      await expect(fetchFile(files, eve, forgery)).rejects.toMatchObject({
        code: expect.stringMatching(/^encryption\/(undecryptable|key-missing)$/) as unknown as string,
      });
    }
  });

  test("is unreadable for good once the owner's keys are destroyed", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const file = await store(files, ann, randomBytes(100));
    await files.domain.dataKeys.destroy("ann");
    await expect(openFile(files.deps, ann, file)).rejects.toEqual(refused("key-missing"));
  });

  test("breaks the answer off where it was altered, and releases nothing of that segment", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const content = randomBytes(3_000);
    const file = await store(files, ann, content);
    const [[name, object] = ["", { bytes: Buffer.alloc(0), facts: {} }]] = files.objects.all;
    const altered = Buffer.from(object.bytes);
    altered[74 + 1_056 + 500] = (altered[74 + 1_056 + 500] ?? 0) ^ 1;
    files.objects.all.set(name, { ...object, bytes: altered });
    const answer = await fetchFile(files, ann, file);
    const got: Uint8Array[] = [];
    await expect(
      (async () => {
        for await (const chunk of answer.body as AsyncIterable<Uint8Array>) got.push(chunk);
      })(),
    ).rejects.toEqual(refused("undecryptable"));
    expect(Buffer.concat(got).equals(content.subarray(0, 1_024))).toBe(true);
    // From the first segment on it is an answer, not a broken one.
    await expect(fetchFile(files, ann, file, { range: "bytes=1024-" })).rejects.toEqual(refused("undecryptable"));
    const cut = { ...object, bytes: object.bytes.subarray(0, 74 + 2 * 1_056) };
    files.objects.all.set(name, cut);
    await expect(fetchFile(files, ann, file, { range: "bytes=2500-" })).rejects.toEqual(refused("undecryptable"));
  });
});

describe("a download", () => {
  test("gives any range of any file", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const sizes = [0, 1, 1_023, 1_024, 1_025, 4_096, 4_097, 8_192, 9_500];
    const stored = await Promise.all(
      sizes.map(async (size) => {
        const content = randomBytes(size);
        return { content, file: await store(files, ann, content) };
      }),
    );
    for (const { content, file } of stored) {
      const whole = await fetchFile(files, ann, file);
      expect(whole).toMatchObject({ status: 200, headers: { "content-length": String(content.length) } });
      expect((await contentOf(whole)).equals(content)).toBe(true);
    }
    const property = fc.asyncProperty(
      fc.constantFrom(...stored.slice(1)),
      fc.nat(10_000),
      fc.nat(10_000),
      async ({ content, file }, from, length) => {
        const start = from % content.length;
        const end = Math.min(start + length, content.length - 1);
        const answer = await fetchFile(files, ann, file, { range: `bytes=${String(start)}-${String(end)}` });
        const range = `bytes ${String(start)}-${String(end)}/${String(content.length)}`;
        expect(answer).toMatchObject({ status: 206, headers: { "content-range": range } });
        expect((await contentOf(answer)).equals(content.subarray(start, end + 1))).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  test("understands open and suffix ranges, heeds If-Range, and refuses what the file does not have", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const content = randomBytes(5_000);
    const file = await store(files, ann, content);
    const get = (range: string, more = {}) => fetchFile(files, ann, file, { range, ...more });
    expect((await contentOf(await get("bytes=4999-"))).equals(content.subarray(4_999))).toBe(true);
    expect((await contentOf(await get("bytes=-10"))).equals(content.subarray(4_990))).toBe(true);
    expect((await contentOf(await get("bytes=-9999"))).equals(content)).toBe(true);
    for (const range of ["bytes=0-1,3-4", "lines=1-2", "bytes=5-3", "bytes=-"]) {
      await expect(get(range)).resolves.toMatchObject({ status: 200 });
    }
    await expect(get("bytes=0-1", { "if-range": '"other"' })).resolves.toMatchObject({ status: 200 });
    await expect(get("bytes=0-1", { "if-range": `"${file}"` })).resolves.toMatchObject({ status: 206 });
    for (const range of ["bytes=5000-", "bytes=-0"]) await expect(get(range)).rejects.toEqual(refused("range-wrong"));
  });

  test("is on record before its ticket goes out; what cannot be recorded is not opened", async () => {
    const files = testFiles();
    const ann = files.signIn("ann", { aal: 2 });
    const file = await store(files, ann, Buffer.from("dear"));
    files.accesses.length = 0;
    await openFile(files.deps, ann, file);
    expect(files.accesses).toEqual([
      {
        subject: "ann",
        actor: "subject",
        collection: "letters",
        fields: ["content", "name"],
        purpose: "Test the encryption of files",
        legalBasis: "contract",
        action: "read",
      },
    ]);
    const recordAccess = () => Promise.reject(new Error("the log is down"));
    await expect(openFile({ ...files.deps, recordAccess }, ann, file)).rejects.toThrow("the log is down");
    files.accesses.length = 0;
    const place = { folder: "sketches", params: { book: "b", uid: "ann" }, contentType: "image/png" };
    await openFile(files.deps, ann, await store(files, ann, Buffer.from("sketch"), place));
    expect(files.accesses).toEqual([]);
  });

  test("is nobody's but the owner's, and not even theirs where the map says so", async () => {
    const files = testFiles();
    const [ann, eve] = [files.signIn("ann"), files.signIn("eve")];
    const file = await store(files, ann, Buffer.from("dear"));
    for (const call of [openFile(files.deps, eve, file), removeFile(files.deps, "eve", file)]) {
      await expect(call).rejects.toEqual(refused("file-unknown"));
    }
    await expect(finishFile(files.deps, "eve", file)).rejects.toEqual(refused("file-unknown"));
    const proof = await store(files, ann, Buffer.from("scan"), { folder: "proofs" });
    await expect(openFile(files.deps, ann, proof)).rejects.toEqual(refused("folder-closed"));
  });

  test("answers with what keeps a browser from running, framing, guessing or keeping it", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const { headers } = await fetchFile(files, ann, await store(files, ann, Buffer.from("<script>")));
    expect(headers).toMatchObject({
      "content-type": "text/plain",
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    });
  });
});

describe("a ticket", () => {
  test("is good for its purpose, its file, its time and its session only", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const content = Buffer.from("dear");
    const begun = await beginFile(files.deps, ann, newLetter("ann", 4));
    await sendPart(files, begun.ticket, 0, content);
    await finishFile(files.deps, "ann", begun.file);
    await expect(fetchWith(files, begun.ticket)).rejects.toEqual(refused("ticket-refused"));
    await expect(fetchWith(files, "A".repeat(43))).rejects.toEqual(refused("ticket-refused"));
    await expect(fetchWith(files, "short")).rejects.toEqual(refused("ticket-refused"));
    const { ticket, ticketExpiresAt } = await openFile(files.deps, ann, begun.file);
    await expect(fetchWith(files, ticket)).resolves.toMatchObject({ status: 200 });
    await expect(askStatus(files, ticket)).rejects.toEqual(refused("ticket-refused"));
    files.time.now = ticketExpiresAt;
    await expect(fetchWith(files, ticket)).rejects.toEqual(refused("ticket-refused"));
    const next = await openFile(files.deps, ann, begun.file);
    files.end(ann);
    await expect(fetchWith(files, next.ticket)).rejects.toMatchObject({ code: "request/session-revoked" });
  });

  test("waits while risk demands a second factor, and ends when the session idles", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const file = await store(files, ann, Buffer.from("dear"));
    const { ticket } = await openFile(files.deps, ann, file);
    files.sessions.set(ann.session.sid, { ...ann.session, stepUpRequired: true });
    await expect(fetchWith(files, ticket)).rejects.toMatchObject({ code: "request/step-up-required" });
    files.sessions.set(ann.session.sid, { ...ann.session, lastSeenAt: files.time.now - config.session.idleMs });
    await expect(fetchWith(files, ticket)).rejects.toMatchObject({ code: "request/session-expired" });
  });

  test("is kept as a hash only", async () => {
    const files = testFiles();
    const kept: unknown[] = [];
    const tickets = {
      ...files.deps.tickets,
      put: (...row: unknown[]) => {
        kept.push(row);
        return Promise.resolve();
      },
    };
    const { ticket } = await beginFile({ ...files.deps, tickets }, files.signIn("ann"), newLetter("ann", 1));
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(ticket);
  });
});

describe("a removed file", () => {
  test("is gone with its objects; broken off, it is out of sight and the sweep ends it", async () => {
    const files = testFiles();
    const ann = files.signIn("ann");
    const file = await store(files, ann, randomBytes(9_000));
    const remove = () => Promise.reject(new Error("the bucket is down"));
    const broken = { ...files.deps, objects: { ...files.objects, remove } };
    await expect(removeFile(broken, "ann", file)).rejects.toThrow("the bucket is down");
    await expect(openFile(files.deps, ann, file)).rejects.toEqual(refused("file-unknown"));
    await expect(sweepFiles(files.deps, files.time.now + 1)).resolves.toEqual({ removed: 1 });
    expect(files.objects.all.size).toBe(0);
    await expect(removeFile(files.deps, "ann", file)).rejects.toEqual(refused("file-unknown"));
  });

  test("is removed once, however many ask", async () => {
    const files = testFiles();
    const file = await store(files, files.signIn("ann"), Buffer.from("dear"));
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => removeFile(files.deps, "ann", file)));
    expect(all.filter((each) => each.status === "fulfilled" && each.value.removed)).toHaveLength(1);
    expect(files.events.filter(({ type }) => type.name === "encryption.file-removed")).toHaveLength(1);
  });
});

test("a list goes on where it ended, newest first", async () => {
  const files = testFiles();
  const ann = files.signIn("ann");
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    made.unshift(await store(files, ann, Buffer.from("x")));
    files.time.now += count % 2; // two at the same millisecond
  }
  const listed: string[] = [];
  let after: string | undefined;
  do {
    const page = await listFiles(files.deps, ann, { folder: "letters", params: { uid: "ann" }, after, limit: 2 });
    listed.push(...page.files.map(({ file }) => file));
    after = page.next;
  } while (after !== undefined);
  expect([...listed].sort()).toEqual([...made].sort());
  expect(listed[0]).toBe(made[0]);
});

test("an export finds every file and upload but those that are going, and opens them on record", async () => {
  const files = testFiles();
  const ann = files.signIn("ann");
  const content = randomBytes(5_000);
  const stored = await store(files, ann, content);
  const { file: open } = await beginFile(files.deps, ann, newLetter("ann", 7));
  for (let count = 0; count < 3; count += 1) {
    const seen = await files.deps.storedFiles.find(await store(files, ann, Buffer.from("x")));
    if (seen !== undefined) await files.deps.storedFiles.change(seen, { state: "going", endsAt: files.time.now });
  }
  await store(files, files.signIn("eve"), Buffer.from("hers"));
  const held: string[] = [];
  for (let after: string | undefined; ;) {
    const page = { limit: 1, ...(after !== undefined && { after }) };
    const [next] = await listHeld(files.deps, { uid: "ann", folder: "letters" }, page);
    if (next === undefined) break;
    held.push((after = next.file));
  }
  expect(held).toEqual([stored, open].sort());
  files.accesses.length = 0;
  const reader = { actor: "subject", purpose: "Export", legalBasis: "legal-obligation" } as const;
  const opened = await openHeld(files.deps, { uid: "ann", file: stored, reader });
  expect(files.accesses).toEqual([
    { ...reader, subject: "ann", collection: "letters", fields: ["content", "name"], action: "read" },
  ]);
  expect((await contentOf({ status: 200, headers: {}, body: opened.content })).equals(content)).toBe(true);
  expect((await openHeld(files.deps, { uid: "ann", file: open, reader })).content).toBeUndefined();
  await expect(openHeld(files.deps, { uid: "eve", file: stored, reader })).rejects.toEqual(refused("file-unknown"));
});
