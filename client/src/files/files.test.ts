import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createFiles, type Files } from "./index.ts";
import { fakeFiles } from "./fake-files.fixture.ts";

let server: Awaited<ReturnType<typeof fakeFiles>>;
let files: Files;
beforeEach(async () => {
  server = await fakeFiles();
  files = createFiles(server.options);
});
afterEach(() => server.close());

const place = { folder: "attachments", params: { uid: "ann" } };
const content = Uint8Array.from({ length: 4_500 }, (_, index) => (index * 7) % 251);
const holiday = (bytes = content) => new File([bytes], "holiday.png", { type: "image/png", lastModified: 1 });
const puts = () => server.seen.filter((line) => line.startsWith("PUT"));
const streamed = (...chunks: Uint8Array<ArrayBuffer>[]) => new Blob(chunks).stream();
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

describe("an upload", () => {
  test("arrives whole in parts, three at a time, and tells how far it is", async () => {
    const told: number[] = [];
    const { file, size } = await files.upload(place, holiday(), { onProgress: ({ arrived }) => told.push(arrived) });
    expect(size).toBe(4_500);
    expect(server.contentOf(file)).toEqual(Buffer.from(content));
    expect(server.files.get(file)?.about).toEqual({
      ...place,
      size: 4_500,
      contentType: "image/png",
      name: "holiday.png",
    });
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBe(4_500);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    expect(server.busiest()).toBeLessThanOrEqual(3);
    expect(puts()).toHaveLength(5);
  });

  test("of nothing is one empty part", async () => {
    const { file } = await files.upload(place, new Blob([]));
    expect(server.contentOf(file)).toHaveLength(0);
    expect(puts()).toHaveLength(1);
  });

  test("goes on over cut connections, full servers and hurries, and gives up on what is final", async () => {
    server.faults.push("cut", 503, 429);
    const { file } = await files.upload(place, holiday());
    expect(server.contentOf(file)).toEqual(Buffer.from(content));
    expect(puts()).toHaveLength(8);
    server.faults.push(409, 409, 409);
    await expect(files.upload(place, new Blob([content]))).rejects.toMatchObject({
      code: "encryption/file-refused",
      details: { status: 409 },
    });
  });

  test("that cannot go on says so and is taken up where it stopped, by another page with the same file", async () => {
    const broken = createFiles({ ...server.options, patience: { attempts: 1 } });
    const cutAfterTwo = ({ arrived }: { arrived: number }) => {
      if (arrived >= 2_000) server.faults.push("cut", "cut", "cut");
    };
    await expect(broken.upload(place, holiday(), { onProgress: cutAfterTwo })).rejects.toMatchObject({
      code: "client/transfer-interrupted",
    });
    server.faults.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 50)); // a part that was under way may still arrive
    const before = puts().length;
    const [begun] = [...server.files.keys()];
    const { parts } = server.files.get(begun!)!;
    const there = [...parts.values()].reduce((sum, { length }) => sum + length, 0);
    const lacking = 5 - parts.size;
    expect(parts.size).toBeGreaterThanOrEqual(2);
    expect(lacking).toBeGreaterThan(0);
    const told: number[] = [];
    const { file } = await files.upload(place, holiday(), { onProgress: ({ arrived }) => told.push(arrived) });
    expect(file).toBe(begun);
    expect(told[0]).toBe(there);
    expect(puts().length - before).toBe(lacking);
    expect(server.contentOf(file)).toEqual(Buffer.from(content));
    // Finished, it is forgotten: the same file again is another upload.
    expect((await files.upload(place, holiday())).file).not.toBe(file);
  });

  test("of another file of the same name and size begins anew", async () => {
    const stop = new AbortController();
    const first = files.upload(place, holiday(), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(first).rejects.toMatchObject({ code: "client/transfer-stopped" });
    const other = Uint8Array.from(content, (byte) => byte ^ 1);
    const { file } = await files.upload(place, holiday(other));
    expect(server.contentOf(file)).toEqual(Buffer.from(other));
    expect(server.files.size).toBe(2);
  });

  test("whose beginning the server has forgotten begins anew", async () => {
    const stop = new AbortController();
    await expect(
      files.upload(place, holiday(), { signal: stop.signal, onProgress: () => stop.abort() }),
    ).rejects.toMatchObject({ code: "client/transfer-stopped" });
    server.files.clear();
    const { file } = await files.upload(place, holiday());
    expect(server.contentOf(file)).toEqual(Buffer.from(content));
  });

  test("whose finishing was not heard of is not sent twice", async () => {
    const stop = new AbortController();
    const first = files.upload(place, holiday(), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(first).rejects.toMatchObject({ code: "client/transfer-stopped" });
    const [file, stored] = [...server.files][0]!;
    stored.finished = true;
    const before = puts().length;
    expect((await files.upload(place, holiday())).file).toBe(file);
    expect(puts()).toHaveLength(before);
  });

  test("asks for a new ticket when its own has ended, once for all parts under way", async () => {
    let ended = false;
    const { file } = await files.upload(place, holiday(), {
      onProgress: ({ arrived }) => {
        if (arrived >= 1_000 && !ended) server.endTickets();
        ended ||= arrived >= 1_000;
      },
    });
    expect(server.contentOf(file)).toEqual(Buffer.from(content));
    const renewals = server.callsOf("encryption-file-begin").filter(({ data }) => data["resume"] === file);
    expect(renewals.length).toBeGreaterThanOrEqual(1);
    expect(renewals.length).toBeLessThanOrEqual(3);
  });

  test("sends parts again that the server lacks in the end", async () => {
    let lost = false;
    const { file } = await files.upload(place, holiday(), {
      onProgress: ({ arrived }) => {
        if (arrived < 4_500 || lost) return;
        lost = true;
        [...server.files.values()][0]?.parts.delete(2);
      },
    });
    expect(server.contentOf(file)).toEqual(Buffer.from(content));
  });

  test("of a stream sends part after part, and refuses one that is shorter or longer than was said", async () => {
    const halves = [content.subarray(0, 1_700), content.subarray(1_700)];
    const { file } = await files.upload(place, { size: 4_500, stream: streamed(...halves) });
    expect(server.contentOf(file)).toEqual(Buffer.from(content));
    expect(server.busiest()).toBe(1);
    for (const size of [4_499, 4_501])
      await expect(files.upload(place, { size, stream: streamed(...halves) })).rejects.toMatchObject({
        code: "client/upload-length",
      });
  });
});

describe("a download", () => {
  const kept = async () => (await files.upload(place, holiday())).file;

  test("is the same bytes, with type and name, as a Blob and as a stream", async () => {
    const file = await kept();
    const told: number[] = [];
    const got = await files.download(file, { onProgress: ({ arrived }) => told.push(arrived) });
    expect(got).toMatchObject({ size: 4_500, contentType: "image/png", name: "holiday.png" });
    const blob = await got.blob();
    expect(blob.type).toBe("image/png");
    expect(await bytesOf(blob)).toEqual(content);
    expect(told.at(-1)).toBe(4_500);
  });

  test("of a range fetches no more than that", async () => {
    const file = await kept();
    const part = await (await files.download(file, { range: { start: 1_000, end: 1_010 } })).blob();
    expect(await bytesOf(part)).toEqual(content.slice(1_000, 1_010));
    expect(await bytesOf(await (await files.download(file, { range: { start: 4_490 } })).blob())).toEqual(
      content.slice(4_490),
    );
    expect(server.seen).toContain("GET encryption-file-download bytes=1000-1009");
  });

  test("that breaks off is taken up where it broke, as often as something arrives", async () => {
    const file = await kept();
    server.faults.push({ breakAfter: 1_500 }, 503, { breakAfter: 500 }, "cut", { breakAfter: 100 });
    expect(await bytesOf(await (await files.download(file)).blob())).toEqual(content);
    expect(server.seen.at(-1)).toBe("GET encryption-file-download bytes=2100-4499");
  });

  test("asks for a new ticket in the middle", async () => {
    const file = await kept();
    server.faults.push({ breakAfter: 1_500 });
    const { blob } = await files.download(file, { onProgress: () => server.endTickets() });
    expect(await bytesOf(await blob())).toEqual(content);
    expect(server.callsOf("encryption-file-open").length).toBeGreaterThan(1);
  });

  test("that only fails is given up, and one that is stopped ends", async () => {
    const file = await kept();
    server.faults.push("cut", "cut", "cut", "cut");
    const failing = await files.download(file);
    await expect(failing.blob()).rejects.toMatchObject({ code: "client/transfer-interrupted" });
    const stop = new AbortController();
    const stopping = await files.download(file, { signal: stop.signal });
    stop.abort();
    await expect(stopping.blob()).rejects.toMatchObject({ code: "client/transfer-stopped" });
  });
});

test("files are listed and removed", async () => {
  const { file } = await files.upload(place, holiday());
  expect((await files.list(place)).files).toEqual([{ file }]);
  expect(await files.remove(file)).toBe(true);
  expect(await files.remove(file)).toBe(false);
  await expect(files.download(file)).rejects.toMatchObject({ code: "encryption/file-unknown" });
});
