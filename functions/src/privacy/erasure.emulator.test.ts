import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { verifySigned, type SignedStatement } from "../audit/signed-statement.js";
import { emulatedFirestore } from "../platform/emulator.fixture.js";
import { markTrouble } from "./mark-trouble.js";
import { allDocuments, auditKeyPem, privacyWorld, seedPerson, shapesMap, smallMap, wipe } from "./privacy.fixture.js";
import { readReceipt } from "./read-receipt.js";
import { requestErasure } from "./request-erasure.js";
import { runErasure } from "./run-erasure.js";

const { firestore, close } = emulatedFirestore("privacy-erasure");
afterAll(close);
beforeEach(() => wipe("demo-privacy-erasure"));

type World = ReturnType<typeof privacyWorld>;

const drain = async ({ deps }: World, run = runErasure): Promise<void> => {
  for (let task = deps.queue.waiting.shift(); task !== undefined; task = deps.queue.waiting.shift()) {
    await run(deps, (task.data as { job: string }).job);
  }
};

const erase = async (world: World, uid: string): Promise<string> => {
  const { receipt } = await requestErasure(world.deps, uid);
  await drain(world);
  return receipt;
};

const receiptOf = async ({ deps }: World, id: string) => {
  const found = await readReceipt(deps, { id });
  return { status: found?.status, signed: found?.receipt as SignedStatement | undefined };
};

type Documents = ReadonlyMap<string, Record<string, unknown>>;

/** Documents and objects in which somebody's canaries or id are. */
const tracesOf = (world: World, documents: Documents, uid: string): string[] => {
  const inDocuments = [...documents].flatMap(([path, data]) => {
    const text = JSON.stringify(data, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
    return text.includes(`"${uid}"`) || text.includes(`canary-${uid}-`) || path.split("/").includes(uid) ? [path] : [];
  });
  return [
    ...inDocuments,
    ...[...world.deps.files.objects.keys()].filter((name) => name.split("/").includes(uid)),
  ].sort();
};

describe("an erasure", () => {
  test("takes everything of the person, keeps what the law keeps, and signs a receipt that says so", async () => {
    const world = privacyWorld(firestore, shapesMap());
    await seedPerson(firestore, "1", world);
    const id = await erase(world, "1");
    const { status, signed } = await receiptOf(world, id);
    expect(status).toBe("done");
    expect(signed !== undefined && verifySigned(signed, auditKeyPem)).toBe(true);
    expect(signed?.statement).toMatchObject({
      type: "firekeep/erasure-receipt/v1",
      receipt: id,
      residual: 0,
      keysDestroyed: 2,
      horizonDays: 7,
      plainHorizonDays: 98,
      horizon: {
        sealed: { days: 7, until: "2026-11-29" },
        plain: { days: 98 },
        copies: { epochDays: 90, destroyDays: 30 },
      },
      counts: {
        notes: { deleted: 7 },
        replies: { reduced: 7 },
        orders: { reduced: 1 },
        rooms: { unlinked: 1 },
        photos: { deleted: 2 },
        // An encrypted file, or an unfinished upload: its document, with its key, and what lies in the bucket.
        storedFiles: { deleted: 1 },
        letters: { deleted: 1 },
      },
    });
    expect(
      (signed?.statement["kept"] as { part: string; until: string }[]).map(({ part, until }) => [
        part,
        until.slice(0, 4),
      ]),
    ).toEqual([
      ["orders", "2036"],
      ["privacyRequests", "2029"],
      ["invoices", "2036"],
    ]);
    expect(tracesOf(world, await allDocuments(firestore, shapesMap()), "1")).toEqual([
      "invoices/1/i.png",
      "orders/order-1",
      expect.stringMatching(/^privacyRequests\//),
      "rooms/room-1",
    ]);
    expect((await firestore.doc("rooms/room-1").get()).data()).toEqual({
      members: ["somebody"],
      topic: "canary-1-topic",
    });
    expect((await firestore.doc("orders/order-1").get()).data()).toEqual({
      buyer: "1",
      total: "canary-1-total",
    });
    expect(world.deps.accounts.states.has("1")).toBe(false);
    expect(world.keys.has("1")).toBe(false);
    expect(world.forgotten).toEqual(["1"]);
  });

  test("of account 1 never touches the accounts 10, 12345 and 01", async () => {
    const world = privacyWorld(firestore, shapesMap());
    for (const uid of ["1", "10", "12345", "01"]) await seedPerson(firestore, uid, world);
    await firestore.doc("rooms/shared").set({ members: ["10", "1", "12345"], topic: "t" });
    const others = ["10", "12345", "01"];
    const dataBefore = await allDocuments(firestore, shapesMap());
    const before = others.map((uid) => tracesOf(world, dataBefore, uid));
    await erase(world, "1");
    const dataAfter = await allDocuments(firestore, shapesMap());
    expect(others.map((uid) => tracesOf(world, dataAfter, uid))).toEqual(before);
    for (const path of before.flat().filter((name) => dataBefore.has(name) && name !== "rooms/shared")) {
      expect([path, dataAfter.get(path)]).toEqual([path, dataBefore.get(path)]);
    }
    expect(dataAfter.get("rooms/shared")).toEqual({ members: ["10", "12345"], topic: "t" });
    expect(world.deps.accounts.states).toEqual(new Map(others.map((uid) => [uid, "open"])));
    expect([...world.keys]).toEqual(others);
  });

  test("closes the account and ends its sessions before it deletes anything", async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    await requestErasure(world.deps, "1");
    const records = { ...world.deps.records, page: () => Promise.reject(new Error("Firestore is down")) };
    const run: typeof runErasure = (deps, job) => runErasure({ ...deps, records }, job);
    await expect(drain(world, run)).rejects.toThrow("Firestore is down");
    expect(world.deps.accounts.states.get("1")).toBe("closed");
    expect((await firestore.doc("secSessions/session-1").get()).get("revokedAt")).toBe(world.deps.clock());
    expect((await firestore.doc("profiles/1").get()).exists).toBe(true);
  });

  test("that is asked for twice is one, with one receipt", async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    const asked = await Promise.all([requestErasure(world.deps, "1"), requestErasure(world.deps, "1")]);
    const again = await requestErasure(world.deps, "1");
    expect(new Set([...asked, again].map(({ receipt }) => receipt)).size).toBe(1);
    await drain(world);
    expect((await receiptOf(world, again.receipt)).status).toBe("done");
    expect((await firestore.collection("privacyReceipts").get()).size).toBe(1);
  });

  test.each(["files", "sign", "destroyKeys", "accounts", "forgetSubject"] as const)(
    "signs nothing while %s fails, says so, and is finished once it works again",
    async (part) => {
      const world = privacyWorld(firestore, shapesMap());
      await seedPerson(firestore, "1", world);
      const { receipt } = await requestErasure(world.deps, "1");
      const { job } = (world.deps.queue.waiting.shift() as { data: { job: string } }).data;
      const down = () => Promise.reject(new Error("it is down"));
      const broken = {
        ...world.deps,
        ...(part === "files" && { files: { ...world.deps.files, remove: down } }),
        ...(part === "accounts" && { accounts: { ...world.deps.accounts, remove: down } }),
        ...(part !== "files" && part !== "accounts" && { [part]: down }),
      };
      await expect(runErasure(broken, job)).rejects.toThrow("it is down");
      await markTrouble(world.deps, job, 1);
      expect(await receiptOf(world, receipt)).toEqual({ status: "retrying", signed: undefined });
      await markTrouble(world.deps, job, 12);
      expect(await receiptOf(world, receipt)).toEqual({ status: "failed", signed: undefined });
      expect(world.events.at(-1)?.type.name).toBe("privacy.job-failed");
      await runErasure(world.deps, job);
      expect(await receiptOf(world, receipt)).toMatchObject({ status: "done", signed: { statement: { residual: 0 } } });
    },
  );

  test("begins again when something was written behind its back, and gives up without a receipt when that does not end", async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    let writes = 0;
    const writeBehind = (times: number) => ({
      ...world.deps,
      destroyKeys: async (uid: string) => {
        if ((writes += 1) <= times)
          await firestore.doc(`notes/late-${String(writes)}`).set({ owner: uid, text: "late" });
        return world.deps.destroyKeys(uid);
      },
    });
    const { receipt } = await requestErasure(world.deps, "1");
    const { job } = (world.deps.queue.waiting.shift() as { data: { job: string } }).data;
    await expect(runErasure(writeBehind(99), job)).rejects.toMatchObject({ code: "privacy/residual-found" });
    expect((await receiptOf(world, receipt)).signed).toBeUndefined();
    await firestore.doc("notes/late-3").delete();
    await runErasure(world.deps, job);
    expect((await receiptOf(world, receipt)).signed?.statement["counts"]).toMatchObject({ notes: { deleted: 9 } });
  });

  test("is not complete while a document of nobody's can be found by the person's e-mail address", async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    await firestore.doc("notes/orphan").set({ _b: { contact: Buffer.from("index of 1@test.example") } });
    await expect(erase(world, "1")).rejects.toMatchObject({ code: "privacy/residual-found" });
  });

  test("leaves another person's document that holds the same e-mail address", async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    await firestore.doc("notes/of-2").set({ owner: "2", _b: { contact: Buffer.from("index of 1@test.example") } });
    const id = await erase(world, "1");
    expect((await receiptOf(world, id)).status).toBe("done");
    expect((await firestore.doc("notes/of-2").get()).exists).toBe(true);
  });

  test("delivered twice at once does everything once and counts it once", async () => {
    const world = privacyWorld(firestore, smallMap());
    await seedPerson(firestore, "1", world);
    const { receipt } = await requestErasure(world.deps, "1");
    const { job } = (world.deps.queue.waiting.shift() as { data: { job: string } }).data;
    await Promise.allSettled([runErasure(world.deps, job), runErasure(world.deps, job), runErasure(world.deps, job)]);
    await runErasure(world.deps, job);
    const { signed } = await receiptOf(world, receipt);
    expect(signed?.statement["counts"]).toMatchObject({
      notes: { deleted: 7 },
      profiles: { deleted: 1 },
      orders: { reduced: 1 },
      rooms: { unlinked: 1 },
    });
  });

  test("killed before and after every single call ends in the same state", async () => {
    const erased = async (death: number): Promise<boolean> => {
      const world = privacyWorld(firestore, smallMap());
      const uid = `person-${String(death)}`;
      await seedPerson(firestore, uid, world);
      const { receipt } = await requestErasure(world.deps, uid);
      const { job } = (world.deps.queue.waiting.shift() as { data: { job: string } }).data;
      const mortal = mortalOnce(death);
      const killed = {
        ...world.deps,
        jobs: mortal.of(world.deps.jobs),
        records: mortal.of(world.deps.records),
        files: mortal.of(world.deps.files),
        accounts: mortal.of(world.deps.accounts),
      };
      await runErasure(killed, job).catch(() => undefined);
      await runErasure(world.deps, job);
      const { status, signed } = await receiptOf(world, receipt);
      expect([death, status]).toEqual([death, "done"]);
      const counts = {
        notes: { deleted: 7 },
        profiles: { deleted: 1 },
        orders: { reduced: 1 },
        rooms: { unlinked: 1 },
      };
      expect(signed?.statement["counts"]).toMatchObject(counts);
      expect((await firestore.collection("notes").where("owner", "==", uid).get()).empty).toBe(true);
      expect([...world.deps.files.objects.keys()].filter((name) => name.startsWith("photos/"))).toEqual([]);
      return mortal.isDead();
    };
    for (let death = 0, dies = true; dies; death += 8) {
      dies = (await Promise.all(Array.from({ length: 8 }, (_, index) => erased(death + index)))).every(Boolean);
    }
  }, 120_000);
});

/** Ports that share one life. It ends around call number `death / 2`: before it when `death` is even, else after it. */
const mortalOnce = (death: number) => {
  let calls = 0;
  let dead = false;
  return {
    isDead: () => dead,
    of: <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get:
          (target, name) =>
          async (...args: unknown[]) => {
            const isLast = !dead && calls++ === Math.floor(death / 2);
            dead ||= isLast;
            if (dead && !(isLast && death % 2 === 1)) throw new Error("killed");
            const result = await (Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>)(...args);
            if (isLast) throw new Error("killed");
            return result;
          },
      }),
  };
};
