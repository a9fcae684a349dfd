import { afterAll, describe, expect, test } from "@jest/globals";
import { systemRandom } from "../kernel/random.js";
import { systemClock } from "../kernel/time.js";
import { emulatedFirestore } from "../platform/emulator.fixture.js";
import { memoryPublisher } from "../platform/pubsub.js";
import { logContract } from "./log.contract.js";
import { firestoreLogStore } from "./log-store.firestore.js";
import { memoryPseudonymStore } from "./pseudonym-store.js";
import { firestorePseudonymStore } from "./pseudonym-store.firestore.js";
import { rememberedPseudonyms } from "./pseudonyms.js";
import { firestoreSpool } from "./spool.firestore.js";
import { stageEvent } from "./stage-event.js";

const { firestore, close } = emulatedFirestore("audit-log");
const keys = emulatedFirestore("audit-log-keys", "keys");
afterAll(async () => {
  await close();
  await keys.close();
});

const empty = async () => {
  for (const name of ["auditEntries", "auditHead", "auditOutbox", "accessLog", "things"]) {
    await firestore.recursiveDelete(firestore.collection(name));
  }
};

logContract("Firestore", async () => {
  await empty();
  return { spool: firestoreSpool(() => firestore), store: firestoreLogStore(() => firestore) };
});

describe("a staged event", () => {
  const type = {
    name: "test.done",
    class: "account-change",
    activity: 1,
    severity: "low",
    message: "A test.",
  } as const;
  const world = () => {
    const publisher = memoryPublisher();
    const spool = firestoreSpool(() => firestore);
    const clock = systemClock;
    const pseudonyms = rememberedPseudonyms({ store: memoryPseudonymStore(), clock, random: systemRandom });
    const deps = {
      firestore: () => firestore,
      spool,
      pseudonyms,
      publisher,
      clock,
      random: systemRandom,
      log: () => undefined,
    };
    return { deps, publisher, spool };
  };

  test("is kept with the caller's change, and announced after it", async () => {
    await empty();
    const { deps, publisher, spool } = world();
    const staged = await stageEvent(deps, { type, outcome: "success", subject: "uid-1" });
    await firestore.runTransaction((transaction) => {
      transaction.create(firestore.doc("things/1"), { done: true });
      staged.addTo(transaction);
      return Promise.resolve();
    });
    expect(await spool.unannounced(10)).toHaveLength(1);
    await staged.announce();
    expect(await spool.unannounced(10)).toEqual([]);
    expect(publisher.messages).toHaveLength(1);
  });

  test("is not kept when the caller's change fails", async () => {
    await empty();
    const { deps } = world();
    await firestore.doc("things/1").set({ done: true });
    const staged = await stageEvent(deps, { type, outcome: "success", subject: "uid-1" });
    const batch = firestore.batch();
    batch.create(firestore.doc("things/1"), {});
    staged.addTo(batch);
    await expect(batch.commit()).rejects.toThrow();
    expect((await firestore.collection("auditEntries").get()).size).toBe(0);
  });

  test("is kept with the entry that its subject reads, as of when it was", async () => {
    await empty();
    const { deps, spool } = world();
    const access = {
      actor: "operator",
      actorUid: "olga",
      collection: "people",
      fields: ["scan"],
      action: "read",
    } as const;
    const why = { purpose: "Test", legalBasis: "contract" } as const;
    const event = { type, outcome: "success", subject: "uid-1" } as const;
    const staged = await stageEvent(deps, event, { subject: "uid-1", ...access, ...why, at: 1_000 });
    expect(await spool.accessTo("uid-1", { limit: 9 })).toEqual([]);
    const batch = firestore.batch();
    staged.addTo(batch);
    await batch.commit();
    const [entry] = await spool.accessTo("uid-1", { limit: 9 });
    expect(entry).toMatchObject({ uid: "uid-1", at: 1_000, actor: "operator", fields: ["scan"], ...why });
    expect(JSON.stringify(entry)).not.toContain("olga");
  });
});

describe("pseudonyms in Firestore", () => {
  test("are one for a subject, however many instances ask at once", async () => {
    const store = firestorePseudonymStore(() => keys.firestore);
    await store.drop("uid-1");
    const names = await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.findOrCreate("uid-1", `name-${String(index)}`)),
    );
    expect(new Set(names).size).toBe(1);
    await store.drop("uid-1");
    expect(await store.findOrCreate("uid-1", "another")).toBe("another");
  });
});

describe("the list of accesses in Firestore", () => {
  test("is the subject's own, newest first, page after page", async () => {
    await empty();
    const spool = firestoreSpool(() => firestore);
    for (const [id, uid, at] of [
      ["a", "1", 1],
      ["b", "1", 2],
      ["c", "10", 3],
      ["d", "1", 4],
    ] as const) {
      const entry = {
        id,
        time: at,
        name: "x",
        class: "x",
        severity: "low",
        outcome: "success",
        message: "",
        ocsf: id,
        index: -1,
      } as const;
      const facts = {
        actor: "system",
        collection: "c",
        fields: [],
        purpose: "p",
        legalBasis: "contract",
        action: "read",
      } as const;
      await spool.add({ entry, access: { id, uid, at, ...facts } });
    }
    expect((await spool.accessTo("1", { limit: 2 })).map(({ id }) => id)).toEqual(["d", "b"]);
    expect((await spool.accessTo("1", { limit: 2, before: 2 })).map(({ id }) => id)).toEqual(["a"]);
  });
});
