import { describe, expect, test } from "@jest/globals";
import { makeBlindIndex } from "../indexes/blind-index.js";
import { settleTime } from "../indexes/settle-time.js";
import { versionsOf } from "../keys/subject-keys.js";
import { openDocument } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";
import { openSecretToken } from "../tokens/seal-secret.js";
import { keyStatus } from "./key-status.js";
import {
  bytesIn,
  KEPT,
  populate,
  profileOf,
  rotationWorld,
  workOff,
  write,
  type Instance,
  type RotationWorld,
} from "./rotation.fixture.js";
import { moveIndex, rotateDataKeys, startReseal, startRetire, startRewrap } from "./start-rotation.js";
import { config } from "../../config.js";
import { tendRotation } from "./tend-rotation.js";
import { HOUR } from "../../kernel/time.js";

const SETTLE = settleTime(config.keys);
const RED = { ring: "red", key: "fields" } as const;

const read = (world: RotationWorld, instance: Instance, path: string) => {
  const collection = path.startsWith("rooms/") ? "notes" : (path.split("/")[0] ?? "");
  const names = Object.keys(rotationFields[collection] ?? {});
  return openDocument(instance, { collection, path, data: world.rows.get(path)?.data ?? {}, only: names });
};

const rotationFields: Record<string, object> = {
  people: { email: 1, scan: 1, bio: 1 },
  notes: { owner: 1, text: 1 },
  letters: { from: 1, pages: 1 },
};

/** Reads everything of these people with a new instance; throws when anything does not open. */
const readAll = async (world: RotationWorld, uids: readonly string[]) => {
  const reader = world.instance();
  for (const uid of uids) {
    expect(await read(world, reader, `people/${uid}`)).toEqual(profileOf(uid));
    expect(await read(world, reader, `rooms/r1/notes/n-${uid}`)).toEqual({ owner: uid, text: `Note of ${uid}` });
    expect(await read(world, reader, `letters/${uid}`)).toEqual({ from: `Aunt of ${uid}`, pages: 3 });
    const [contact] = world.rows.get(`secContacts/${uid}`)?.data["contacts"] as { id: string; sealed: Uint8Array }[];
    const place = { label: `identity.contact/${uid}-c`, subject: uid, token: contact?.sealed ?? Buffer.alloc(0) };
    expect(Buffer.from(await openSecretToken(reader, place)).toString()).toBe(`${uid}@old.example`);
  }
};

const versions = async (world: RotationWorld, uid: string) => {
  const keys = await world.store.find(uid);
  return (["RED", "AMBER", "VAULT"] as const).map((keyClass) => versionsOf(keys, keyClass));
};

const find = async (world: RotationWorld, instance: Instance, email: string): Promise<string[]> => {
  const wanted = await makeBlindIndex(instance, { collection: "people", field: "email", value: email });
  const isOne = (index: Buffer) => wanted.some((one) => index.equals(one));
  return [...world.rows.values()]
    .filter(({ data }) => isOne(bytesIn(data, "_b")["email"] ?? Buffer.alloc(0)))
    .map(({ path }) => path);
};

describe("a rotation of data keys", () => {
  test("reseals fields of every class, nested documents, whole documents and Firekeep's own secrets; then old keys can go", async () => {
    const world = rotationWorld();
    const uids = await populate(world, 12);
    const before = bytesIn(world.rows.get("people/u00000")?.data, "_e")["bio"];
    expect(await rotateDataKeys(world.instance())).toEqual({ epoch: 2 });
    await workOff(world);
    await readAll(world, uids);
    expect(bytesIn(world.rows.get("people/u00000")?.data, "_e")["bio"]).not.toEqual(before);
    expect(await world.jobs.find("reseal")).toMatchObject({ state: "done", troubles: {}, total: 36, worked: 48 });
    for (const uid of uids)
      expect(await versions(world, uid)).toEqual([
        [1, 2],
        [1, 2],
        [1, 2],
      ]);
    await expect(startRetire(world.instance())).rejects.toMatchObject({ code: "encryption/rotation-too-early" });
    world.time.now += KEPT;
    await startRetire(world.instance());
    await workOff(world);
    for (const uid of uids) expect(await versions(world, uid)).toEqual([[2], [2], [2]]);
    world.time.now += 2 * SETTLE;
    await readAll(world, uids);
    expect(world.events.map(({ type }) => type.name)).toEqual([
      "encryption.epoch-started",
      "encryption.rotation-started",
      "encryption.rotation-finished",
      "encryption.rotation-started",
      "encryption.rotation-finished",
    ]);
  });

  test("is not done before instances that have not heard of the epoch have ended: what they write is resealed, too", async () => {
    const world = rotationWorld();
    await populate(world, 2);
    const stale = world.instance();
    await write(world, stale, { collection: "people", path: "people/u00000", subject: "u00000", values: { bio: "1" } });
    await rotateDataKeys(world.instance());
    const began = world.time.now;
    let written = false;
    await workOff(world, () => {
      expect(world.time.now <= began || written).toBe(true);
      return world.instance(async (operation) => {
        if (operation !== "jobs.advance after" || written) return;
        written = true;
        await write(world, stale, {
          collection: "people",
          path: "people/late",
          subject: "u00000",
          values: { bio: "late" },
        }).catch(() => undefined);
        await write(world, stale, {
          collection: "people",
          path: "people/u00000",
          subject: "u00000",
          values: { bio: "late" },
        });
      });
    });
    expect(world.time.now).toBeGreaterThanOrEqual(began + SETTLE);
    expect(world.rows.get("people/u00000")?.data["_ek"]).toBe(2);
    expect(await read(world, world.instance(), "people/u00000")).toEqual({ bio: "late" });
  });

  test("old keys stay as long as anything could need them", async () => {
    const world = rotationWorld();
    await populate(world, 2);
    await expect(startRetire(world.instance())).rejects.toMatchObject({ code: "encryption/rotation-wrong-phase" });
    await rotateDataKeys(world.instance());
    const now = world.time.now;
    world.time.now += KEPT + SETTLE;
    await expect(startRetire(world.instance())).rejects.toMatchObject({
      code: "encryption/rotation-incomplete",
      details: { left: 6 },
    });
    world.time.now = now;
    await expect(rotateDataKeys(world.instance())).rejects.toMatchObject({ code: "encryption/rotation-running" });
    await workOff(world);
    world.time.now += KEPT;
    // Restored from a backup: of the epoch before.
    world.put("people/u00001", { ...world.rows.get("people/u00001")?.data, _ek: 1 });
    await expect(startRetire(world.instance())).rejects.toMatchObject({ details: { left: 1 } });
    await startReseal(world.instance());
    await workOff(world);
    await startRetire(world.instance());
    await workOff(world);
    expect(await world.jobs.find("retire")).toMatchObject({ state: "done" });
  });

  test("goes on past what does not open, names it by a hash, and old keys go only if that loss is said in so many words", async () => {
    const world = rotationWorld();
    const uids = await populate(world, 4);
    const [erased = "", damaged = ""] = uids;
    await world.store.destroy(erased, world.time.now + 1);
    const data = world.rows.get(`people/${damaged}`)?.data ?? {};
    const bio = Buffer.from(bytesIn(data, "_e")["bio"] ?? Buffer.alloc(0));
    bio.writeUInt8((bio.at(-1) ?? 0) ^ 1, bio.length - 1);
    world.put(`people/${damaged}`, { ...data, _e: { ...bytesIn(data, "_e"), bio } });
    await rotateDataKeys(world.instance());
    await workOff(world);
    const job = await world.jobs.find("reseal");
    expect(job).toMatchObject({
      state: "done",
      troubles: { "encryption/key-missing": 4, "encryption/undecryptable": 1 },
    });
    expect(job?.named.filter((name) => name.startsWith("encryption/undecryptable"))).toEqual([
      expect.stringMatching(/^encryption\/undecryptable people [0-9a-f]{16}$/),
    ]);
    expect(job?.named.join()).not.toMatch(/u0000/);
    expect(await world.store.find(erased)).toBe(undefined);
    await readAll(world, uids.slice(2));
    world.time.now += KEPT;
    await expect(startRetire(world.instance())).rejects.toMatchObject({ details: { left: 1 } });
    await expect(startRetire(world.instance(), { lose: 2 })).rejects.toMatchObject({ details: { left: 1 } });
    await startRetire(world.instance(), { lose: 1 });
    await workOff(world);
    expect(await versions(world, damaged)).toEqual([[2], [], [2]]);
    expect(world.events.some(({ type }) => type.name === "encryption.rotation-incomplete")).toBe(true);
  });

  test("a token of a field that the data map no longer has is trouble, and is never dropped", async () => {
    const world = rotationWorld();
    await populate(world, 1);
    const data = world.rows.get("people/u00000")?.data ?? {};
    world.put("people/u00000", { ...data, _e: { ...bytesIn(data, "_e"), former: bytesIn(data, "_e")["bio"] } });
    await rotateDataKeys(world.instance());
    await workOff(world);
    expect(await world.jobs.find("reseal")).toMatchObject({ troubles: { "encryption/undecryptable": 1 } });
    expect(bytesIn(world.rows.get("people/u00000")?.data, "_e")["former"]).toEqual(bytesIn(data, "_e")["bio"]);
  });
});

describe("a rotation of a KMS key", () => {
  test("is followed within the hour: keys and roots are wrapped anew, and the old version can be destroyed", async () => {
    const world = rotationWorld();
    const uids = await populate(world, 7);
    world.kmsState.rotate(RED);
    world.kmsState.rotate({ ring: "index", key: "roots" });
    await tendRotation({ ...world.instance(), stoppedAfterMs: 1 });
    await workOff(world);
    expect(await world.jobs.find("rewrap")).toMatchObject({
      state: "done",
      targets: { RED: 2, AMBER: 1, VAULT: 1, roots: 2 },
      worked: 8,
      total: 8,
      troubles: {},
    });
    world.kmsState.destroy(RED, 1);
    world.kmsState.destroy({ ring: "index", key: "roots" }, 1);
    await readAll(world, uids);
    expect(await find(world, world.instance(), "u00003@example.com")).toEqual(["people/u00003"]);
    world.tasks.length = 0;
    await tendRotation({ ...world.instance(), stoppedAfterMs: 1 });
    expect(world.tasks).toEqual([]);
  });

  test("waits while KMS is down, and goes on", async () => {
    const world = rotationWorld();
    const uids = await populate(world, 7);
    world.kmsState.rotate(RED);
    await startRewrap(world.instance());
    let calls = 0;
    const outages: string[] = [];
    await workOff(world, () =>
      world.instance((operation) => {
        if (operation === "kms.decrypt before" && (calls += 1) === 5) world.kmsState.fail = "kms-unavailable";
        if (operation === "jobs.advance before") outages.push(world.kmsState.fail ?? "up");
        if (operation === "queue.enqueue before") world.kmsState.fail = undefined;
        return Promise.resolve();
      }),
    );
    expect(outages).toContain("kms-unavailable");
    expect(await world.jobs.find("rewrap")).toMatchObject({ state: "done", troubles: {} });
    await readAll(world, uids);
  });

  test("a version that is disabled is trouble, no loss: restored and enabled, the rest is done", async () => {
    const world = rotationWorld();
    const uids = await populate(world, 3);
    world.kmsState.rotate(RED);
    world.kmsState.disable(RED, 1);
    await startRewrap(world.instance());
    await workOff(world);
    expect(await world.jobs.find("rewrap")).toMatchObject({ state: "done", troubles: { "encryption/kms-refused": 3 } });
    world.kmsState.enable(RED, 1);
    world.time.now += HOUR;
    await tendRotation({ ...world.instance(), stoppedAfterMs: 1 });
    await workOff(world);
    expect(await world.jobs.find("rewrap")).toMatchObject({ state: "done", troubles: {}, worked: 3 });
    world.kmsState.destroy(RED, 1);
    await readAll(world, uids);
  });
});

describe("a rotation of index keys", () => {
  const phases = async (world: RotationWorld, ...moves: ("prepare" | "switch" | "finish")[]) => {
    for (const move of moves) {
      world.time.now += SETTLE;
      await moveIndex(world.instance(), move);
      await workOff(world);
    }
  };

  test("finds every document in every phase, whatever an instance knows, and leaves keyed hashes as they are", async () => {
    const world = rotationWorld();
    const uids = await populate(world, 6);
    const expectFound = async (instance: Instance) => {
      for (const uid of uids) expect(await find(world, instance, ` ${uid}@EXAMPLE.com`)).toEqual([`people/${uid}`]);
    };
    const old = world.instance();
    await expectFound(old);
    const hashOf = async () => (await world.instance().indexRoot.warm()).first.hash("label", "value").toString("hex");
    const hash = await hashOf();
    await phases(world, "prepare");
    await expectFound(world.instance());
    await expectFound(old);
    const prepared = world.instance();
    await expectFound(prepared);
    await phases(world, "switch");
    await expectFound(world.instance());
    await expectFound(prepared);
    expect(await world.jobs.find("reindex")).toMatchObject({ state: "done", worked: 12, troubles: {} });
    await phases(world, "finish");
    const last = world.instance();
    await expectFound(last);
    expect((await last.indexRoot.warm()).every).toHaveLength(1);
    expect([...world.rows.values()].filter(({ data }) => data["_bk"] === 1)).toEqual([]);
    expect(await hashOf()).toBe(hash);
    await phases(world, "prepare", "switch", "finish", "prepare");
    expect((await world.roots.list()).map(({ name }) => name).sort()).toEqual(["1", "3", "4"]);
    await expectFound(world.instance());
  });

  test("refuses a phase before instances that missed the one before have ended, and out of turn", async () => {
    const world = rotationWorld();
    await populate(world, 1);
    const move = (phase: "prepare" | "switch" | "finish") => moveIndex(world.instance(), phase);
    await expect(move("switch")).rejects.toMatchObject({ code: "encryption/rotation-wrong-phase" });
    await move("prepare");
    await workOff(world);
    const preparedAt = world.time.now;
    await expect(move("prepare")).rejects.toMatchObject({ code: "encryption/rotation-wrong-phase" });
    world.time.now = preparedAt + SETTLE - 1;
    await expect(move("switch")).rejects.toMatchObject({
      code: "encryption/rotation-too-early",
      details: { at: preparedAt + SETTLE },
    });
    world.time.now = preparedAt + SETTLE;
    await move("switch");
    await expect(move("finish")).rejects.toMatchObject({ code: "encryption/rotation-too-early" });
    world.tasks.length = 0;
    world.time.now += SETTLE;
    await expect(move("finish")).rejects.toMatchObject({
      code: "encryption/rotation-incomplete",
      details: { left: 2 },
    });
  });
});

test("the status says counts by class, version and collection, and names nobody", async () => {
  const world = rotationWorld();
  await populate(world, 3);
  world.kmsState.rotate(RED);
  await rotateDataKeys(world.instance());
  const status = await keyStatus(world.instance());
  expect(status).toMatchObject({
    epoch: 2,
    subjects: 3,
    subjectsBelowEpoch: 3,
    index: { phase: "steady", write: 1, read: [1] },
    jobs: [{ kind: "reseal", state: "running", percent: 0, total: 9 }],
  });
  expect(status.classes).toEqual([
    { name: "RED", primary: 2, byVersion: [{ version: 1, subjects: 3 }] },
    { name: "AMBER", primary: 1, byVersion: [{ version: 1, subjects: 3 }] },
    { name: "VAULT", primary: 1, byVersion: [{ version: 1, subjects: 3 }] },
    { name: "roots", primary: 1, byVersion: [{ version: 1, subjects: 1 }] },
  ]);
  expect(status.collections).toContainEqual({ name: "people", belowEpoch: 3, belowRoot: 0 });
  expect(JSON.stringify(status)).not.toMatch(/u0000/);
});

test("what writers do meanwhile is what stays", async () => {
  const world = rotationWorld();
  const uids = await populate(world, 10);
  await rotateDataKeys(world.instance());
  const latest = new Map<string, string>();
  let count = 0;
  const writer = world.instance();
  await workOff(world, () =>
    world.instance(async (operation) => {
      if (operation !== "documents.replace before" || (count += 1) % 2 === 0) return;
      const uid = uids[count % uids.length] ?? "";
      const seen = world.rows.get(`people/${uid}`)?.data ?? {};
      const bio = `change ${String(count)}`;
      const sealed = await sealDocument(writer, {
        collection: "people",
        path: `people/${uid}`,
        subject: uid,
        values: { bio },
      });
      world.put(`people/${uid}`, {
        ...seen,
        _e: { ...bytesIn(seen, "_e"), ...bytesIn(sealed, "_e") },
        _ek: Math.min(Number(seen["_ek"]), Number(sealed["_ek"])),
      });
      latest.set(uid, bio);
    }),
  );
  expect(latest.size).toBeGreaterThan(3);
  world.time.now += KEPT;
  await startRetire(world.instance());
  await workOff(world);
  const reader = world.instance();
  for (const uid of uids) {
    const bio = latest.get(uid) ?? profileOf(uid).bio;
    expect(await read(world, reader, `people/${uid}`)).toEqual({ ...profileOf(uid), bio });
  }
});

test("somebody who is erased in the middle of it gets no new keys", async () => {
  const world = rotationWorld();
  const uids = await populate(world, 6);
  await rotateDataKeys(world.instance());
  let erased = false;
  await workOff(world, () =>
    world.instance(async (operation) => {
      // Their old key has just been fetched.
      if (operation !== "kms.decrypt after" || erased) return;
      erased = true;
      for (const uid of uids.slice(0, 5)) await world.store.destroy(uid, world.time.now + config.keys.goneMs);
    }),
  );
  for (const uid of uids.slice(0, 5)) expect(await world.store.find(uid)).toBe(undefined);
  await readAll(world, uids.slice(5));
  expect(await world.jobs.find("reseal")).toMatchObject({ state: "done" });
});
