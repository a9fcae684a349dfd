import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { StoredFile, StoredFileStore } from "./stored-file.js";

/** What every store of files must do, wherever its rows lie. Rows of other tests may be there. */
export const storedFileContract = (makeStore: () => StoredFileStore): void => {
  const draw = () => randomBytes(16).toString("base64url");
  const rowOf = (uid: string, more: Partial<StoredFile> = {}): StoredFile => ({
    uid,
    folder: "letters",
    place: `letters/${uid}/`,
    state: "open",
    size: 10,
    partBytes: 4,
    header: Buffer.from("header"),
    parts: {},
    at: 1_000,
    endsAt: 2_000,
    ...more,
  });
  const part = { object: "letters/o", mark: Buffer.from("mark") };

  describe("a file's document", () => {
    test("is made once and found as it was made", async () => {
      const store = makeStore();
      const [file, uid] = [draw(), draw()];
      await store.create(file, rowOf(uid));
      await expect(store.create(file, rowOf(uid))).rejects.toThrow();
      const found = await store.find(file);
      expect(found?.file).toBe(file);
      expect(found?.row).toMatchObject({ uid, size: 10, state: "open", parts: {}, endsAt: 2_000 });
      expect(Buffer.from(found?.row.header ?? []).toString()).toBe("header");
      await store.remove(file);
      await expect(store.find(file)).resolves.toBeUndefined();
      await store.remove(file);
    });

    test("is changed only as it was seen: of 8 who saw the same, one changes it", async () => {
      const store = makeStore();
      const [file, uid] = [draw(), draw()];
      await store.create(file, rowOf(uid));
      const seen = await store.find(file);
      if (seen === undefined) throw new Error("it is not there");
      const tries = Array.from({ length: 8 }, (_, number) => store.change(seen, { part: [number, part] }));
      const won = (await Promise.all(tries)).filter(Boolean);
      expect(won).toHaveLength(1);
      const next = await store.find(file);
      expect(Object.keys(next?.row.parts ?? {})).toHaveLength(1);
    });

    test("keeps its parts when it is finished, and has no end then but the one it is given", async () => {
      const store = makeStore();
      const [file, uid] = [draw(), draw()];
      await store.create(file, rowOf(uid));
      const change = async (...[with_]: [Parameters<StoredFileStore["change"]>[1]]) => {
        const seen = await store.find(file);
        return seen !== undefined && store.change(seen, with_);
      };
      await change({ part: [0, part] });
      await change({ part: [12, part] });
      await change({ state: "stored", storedAt: 1_500, endsAt: undefined });
      const { row } = (await store.find(file)) ?? {};
      expect(row).toMatchObject({ state: "stored", storedAt: 1_500 });
      expect(Object.keys(row?.parts ?? {}).sort()).toEqual(["0", "12"]);
      expect(row).not.toHaveProperty("endsAt");
      await change({ state: "going", endsAt: 1_700 });
      expect((await store.find(file))?.row).toMatchObject({ state: "going", endsAt: 1_700 });
    });
  });

  test("files are listed by place, newest first, from where the list ended", async () => {
    const store = makeStore();
    const uid = draw();
    const files = [draw(), draw(), draw(), draw()].sort();
    const times = [30, 10, 30, 20];
    for (const [index, file] of files.entries()) {
      await store.create(file, rowOf(uid, { state: "stored", storedAt: times[index] ?? 0 }));
    }
    await store.create(draw(), rowOf(uid));
    await store.create(draw(), rowOf(uid, { state: "stored", storedAt: 40, place: "letters/other/" }));
    const place = { uid, place: `letters/${uid}/` };
    const order = [files[2], files[0], files[3], files[1]];
    const all = await store.list(place, { limit: 9 });
    expect(all.map(({ file }) => file)).toEqual(order);
    const rest = await store.list(place, { limit: 2, after: { storedAt: 30, file: files[2] ?? "" } });
    expect(rest.map(({ file }) => file)).toEqual(order.slice(1, 3));
  });

  test("all of an account's files of a folder are paged through by id, whatever their state", async () => {
    const store = makeStore();
    const uid = draw();
    const files = [draw(), draw(), draw()].sort();
    await store.create(files[0] ?? "", rowOf(uid));
    await store.create(files[1] ?? "", rowOf(uid, { state: "stored", storedAt: 5 }));
    await store.create(files[2] ?? "", rowOf(uid, { state: "going" }));
    await store.create(draw(), rowOf(uid, { folder: "others" }));
    const [first, ...more] = await store.page({ uid, folder: "letters" }, { limit: 1 });
    expect([first?.file, more.length]).toEqual([files[0], 0]);
    const rest = await store.page({ uid, folder: "letters" }, { limit: 9, after: first?.file ?? "" });
    expect(rest.map(({ file }) => file)).toEqual(files.slice(1));
    await expect(store.countOpen(uid)).resolves.toBe(2);
  });

  test("what is due is found, the longest due first, and nothing before its time", async () => {
    const store = makeStore();
    const uid = draw();
    const files = [draw(), draw(), draw()];
    for (const [index, file] of files.entries()) await store.create(file, rowOf(uid, { endsAt: 30 - index * 10 }));
    await store.create(draw(), rowOf(uid, { endsAt: 31 }));
    const due = (await store.due(30, 500)).filter(({ row }) => row.uid === uid);
    expect(due.map(({ file }) => file)).toEqual([...files].reverse());
  });
};
