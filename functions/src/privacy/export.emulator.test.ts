import { buffer } from "node:stream/consumers";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { encryptionError } from "../encryption/index.js";
import { DomainError } from "../kernel/errors.js";
import { emulatedFirestore } from "../platform/emulator.fixture.js";
import { privacyWorld, seedPerson, shapesMap, smallMap, wipe } from "./privacy.fixture.js";
import { downloadExport, readExportStatus } from "./read-export.js";
import { requestExport } from "./request-export.js";
import { expireExport, runExport, type ExportDeps } from "./run-export.js";

const { firestore, close } = emulatedFirestore("privacy-export");
afterAll(close);
beforeEach(() => wipe("demo-privacy-export"));

type World = ReturnType<typeof privacyWorld>;

interface Exported {
  readonly complete: boolean;
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, { exported: number }>>;
  readonly facts: {
    readonly controller: unknown;
    readonly collections: readonly { name: string; purpose: string; legalBasis: string }[];
  };
  readonly account: unknown;
  readonly data: readonly {
    collection?: string;
    folder?: string;
    path?: string;
    file?: string;
    data?: Record<string, unknown>;
  }[];
}

const begin = async (world: World, uid: string) => {
  const { request } = await requestExport(world.deps, uid);
  world.deps.queue.waiting.shift();
  return request;
};

const fileOf = (world: World, uid: string, request: string): Exported =>
  JSON.parse(world.deps.files.objects.get(`exports/${uid}/${request}.json`) ?? "") as Exported;

const exported = async (world: World, uid: string, deps: ExportDeps = world.deps) => {
  const request = await begin(world, uid);
  await runExport(deps, request);
  return { request, file: fileOf(world, uid, request) };
};

describe("an export", () => {
  test("holds everything about the person and nothing about the others", async () => {
    const world = privacyWorld(firestore, shapesMap());
    for (const uid of ["1", "10"]) await seedPerson(firestore, uid, world);
    const { file } = await exported(world, "1");
    const text = JSON.stringify(file);
    const canaries = [
      "profile",
      "wish-a",
      "wish-b",
      "page-a",
      "page-b",
      "seat",
      "session",
      "role",
      "access",
      "address",
      "total",
      "topic",
    ];
    for (const canary of [...canaries, "note-1", "note-7", "reply-1", "reply-7"])
      expect(text).toContain(`canary-1-${canary}`);
    expect(text).toContain("1@test.example");
    expect(text).not.toContain("canary-10-");
    expect(file.data.flatMap((row) => row.file ?? []).sort()).toEqual([
      "invoices/1/i.png",
      "papers/pass/1/p.png",
      "photos/1/a.png",
      "photos/1/b/c.png",
    ]);
    expect(file.complete).toBe(true);
    expect(file.counts["notes"]).toEqual({ exported: 7 });
  });

  test("leaves out what is about somebody else", async () => {
    const world = privacyWorld(firestore, shapesMap());
    await seedPerson(firestore, "1", world);
    const { file } = await exported(world, "1");
    const text = JSON.stringify(file.data);
    expect(text).not.toContain("canary-of-another");
    expect(text).not.toContain('somebody"');
    expect(file.data.find(({ path }) => path === "rooms/room-1")?.data?.["members"]).toEqual([
      "1",
      "[about somebody else]",
    ]);
  });

  test("tells purposes, legal bases, sources and rights of everything in it", async () => {
    const world = privacyWorld(firestore, shapesMap());
    await seedPerson(firestore, "1", world);
    const { file } = await exported(world, "1");
    const told = new Set(file.facts.collections.map(({ name }) => name));
    for (const { collection } of file.data) if (collection !== undefined) expect(told).toContain(collection);
    expect(file.facts.collections.find(({ name }) => name === "profiles")).toMatchObject({
      purpose: "Test",
      legalBasis: "contract",
    });
    expect(file.facts.controller).toEqual({ name: "Test", contact: "privacy@test.example" });
  });

  test("is recorded as an access that the person can see", async () => {
    const world = privacyWorld(firestore, shapesMap());
    await seedPerson(firestore, "1", world);
    await exported(world, "1");
    expect(world.accesses).toContainEqual(
      expect.objectContaining({ subject: "1", collection: "profiles", action: "read" }),
    );
  });

  test("says that it is not complete when a document cannot be decrypted, and goes on", async () => {
    const world = privacyWorld(firestore, shapesMap());
    await seedPerson(firestore, "1", world);
    const undecryptable = () =>
      Promise.reject(
        new DomainError({ code: "encryption/undecryptable", status: "internal", message: "It cannot be decrypted." }),
      );
    const { file } = await exported(world, "1", { ...world.deps, open: undecryptable });
    expect(file.complete).toBe(false);
    expect(file.faults).toContain("A document in profiles cannot be decrypted.");
    expect(file.data.filter(({ collection }) => collection === "notes")).toHaveLength(7);
  });

  test("holds the files of encrypted folders, decrypted, and tells of one that cannot be", async () => {
    const world = privacyWorld(firestore, shapesMap());
    await seedPerson(firestore, "1", world);
    const held = ["a", "b", "c"].map((file) => ({ file, size: 4, at: 0, finished: true }));
    const content = async function* (file: string) {
      await Promise.resolve();
      yield Buffer.from("de");
      if (file === "b") throw encryptionError("undecryptable");
      yield Buffer.from("ar");
    };
    const { file } = await exported(world, "1", {
      ...world.deps,
      heldFiles: ({ folder }, { after = "" }) =>
        Promise.resolve(held.filter(({ file: id }) => folder === "letters" && id > after).slice(0, 1)),
      openHeldFile: ({ file: id }) => Promise.resolve({ contentType: "text/plain", content: content(id) }),
    });
    const rows = file.data.filter(({ folder }) => folder === "letters");
    const dear = Buffer.from("dear").toString("base64");
    expect(rows).toMatchObject([
      { file: "a", contentType: "text/plain", content: dear },
      { file: "b", unreadable: true },
      { file: "c", content: dear },
    ]);
    expect(file.complete).toBe(false);
    expect(file.faults).toEqual(["A file in letters cannot be decrypted."]);
    expect(file.counts["letters"]).toEqual({ exported: 3 });
  });

  test("is not made at all while keys cannot be reached, and is once they can", async () => {
    const world = privacyWorld(firestore, shapesMap());
    await seedPerson(firestore, "1", world);
    const request = await begin(world, "1");
    const down = () =>
      Promise.reject(new DomainError({ code: "encryption/kms-unavailable", status: "unavailable", message: "Down." }));
    await expect(runExport({ ...world.deps, open: down }, request)).rejects.toThrow("Down.");
    expect(await readExportStatus(world.deps, "1", request)).toEqual({ status: "running" });
    await runExport(world.deps, request);
    expect((await readExportStatus(world.deps, "1", request)).status).toBe("done");
  });

  test("killed after any of its first pages, or delivered twice at once, holds every document once", async () => {
    for (const deaths of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const world = privacyWorld(firestore, smallMap());
      const uid = `person-${String(deaths)}`;
      await seedPerson(firestore, uid, world);
      const request = await begin(world, uid);
      let advances = 0;
      const advance: ExportDeps["jobs"]["advance"] = (...args) => {
        if ((advances += 1) > deaths) throw new Error("killed");
        return world.deps.jobs.advance(...args);
      };
      await expect(runExport({ ...world.deps, jobs: { ...world.deps.jobs, advance } }, request)).rejects.toThrow(
        "killed",
      );
      await Promise.allSettled([runExport(world.deps, request), runExport(world.deps, request)]);
      await runExport(world.deps, request);
      const paths = fileOf(world, uid, request).data.flatMap(({ path }) => path ?? []);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths.filter((path) => path.startsWith("notes/"))).toHaveLength(7);
      expect([...world.deps.files.objects.keys()].filter((name) => name.includes(".parts/"))).toEqual([]);
    }
  }, 60_000);

  test("killed before, in or after its end is finished by the next delivery", async () => {
    for (const [part, verb] of [
      ["jobs", "finish"],
      ["files", "remove"],
      ["queue", "enqueue"],
    ] as const) {
      const world = privacyWorld(firestore, smallMap());
      await seedPerson(firestore, "1", world);
      const request = await begin(world, "1");
      const dies = {
        ...world.deps,
        [part]: { ...world.deps[part], [verb]: () => Promise.reject(new Error("killed")) },
      };
      await expect(runExport(dies, request)).rejects.toThrow("killed");
      await runExport(world.deps, request);
      expect(fileOf(world, "1", request).data.length).toBeGreaterThan(8);
      world.pass(8 * 86_400_000);
      await expireExport(world.deps, request);
      expect([...world.deps.files.objects.keys()].filter((name) => name.startsWith("exports/"))).toEqual([]);
    }
  });

  test("hands over to a next slice when its time is over, under a name that makes it once", async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    const request = await begin(world, "1");
    let now = 0;
    const slow = { ...world.deps, clock: () => (now += 25_000) };
    await runExport(slow, request);
    expect(world.deps.queue.waiting).toEqual([{ data: { job: request } }]);
    await runExport(world.deps, request);
    expect((await readExportStatus(world.deps, "1", request)).status).toBe("done");
  });
});

describe("the link to an export", () => {
  const ready = async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    const { request } = await exported(world, "1");
    const { url = "" } = await readExportStatus(world.deps, "1", request);
    return { world, request, url, query: Object.fromEntries(new URL(url).searchParams) };
  };

  test("opens the file, records that, and does not name the account", async () => {
    const { world, url, query } = await ready();
    expect(url).toMatch(/^https:\/\/api\.test\.example\/privacy-export-download\?/);
    expect(url).not.toContain("exports");
    const found = await downloadExport(world.deps, query);
    if (found.status !== 200) throw new Error("the link must open");
    expect(JSON.parse((await buffer(found.content)).toString())).toMatchObject({
      format: "firekeep-export/v1",
      subject: "1",
    });
    expect(found.name).toBe("my-data-2026-11-22.json");
    expect(world.events.at(-1)).toMatchObject({ type: { name: "privacy.export-downloaded" }, subject: "1" });
  });

  test("is of no use after 15 minutes, and the file is gone after seven days", async () => {
    const { world, request, query } = await ready();
    world.pass(15 * 60_000);
    expect(await downloadExport(world.deps, query)).toEqual({ status: 410 });
    await expireExport(world.deps, request);
    expect(world.deps.files.objects.has(`exports/1/${request}.json`)).toBe(true);
    world.pass(7 * 86_400_000);
    expect(await readExportStatus(world.deps, "1", request)).toEqual({ status: "expired" });
    await expireExport(world.deps, request);
    expect(world.deps.files.objects.has(`exports/1/${request}.json`)).toBe(false);
  });

  test("is refused without detail when anything in it was changed", async () => {
    const { world, query } = await ready();
    const other = await exported(world, "1");
    const wrong: Record<string, unknown>[] = [
      {},
      { ...query, signature: "" },
      { ...query, signature: `${String(query["signature"]).slice(0, -2)}AA` },
      { ...query, expires: String(Number(query["expires"]) + 1) },
      { ...query, request: other.request },
      { ...query, request: "../../../etc/passwd000" },
      { ...query, request: ["a", "b"] },
    ];
    for (const bad of wrong) expect(await downloadExport(world.deps, bad)).toEqual({ status: 403 });
  });

  test("is made for the person whose export it is, and for nobody else", async () => {
    const { world, request } = await ready();
    await expect(readExportStatus(world.deps, "10", request)).rejects.toMatchObject({
      code: "privacy/request-unknown",
    });
    await expect(readExportStatus(world.deps, "1", "AAAAAAAAAAAAAAAAAAAAAA")).rejects.toMatchObject({
      code: "privacy/request-unknown",
    });
  });
});
