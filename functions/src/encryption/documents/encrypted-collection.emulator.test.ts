import { afterAll, describe, expect, test } from "@jest/globals";
import { FieldValue, GeoPoint, Timestamp, type DocumentData } from "firebase-admin/firestore";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { firestoreNativeTypes } from "../tokens/native-types.firestore.js";
import { firestoreDocumentStore } from "./document-store.firestore.js";
import { libraryDomain } from "./documents.fixture.js";
import { readWith, type Reader } from "./reader.js";
import { writeDocument } from "./write-document.js";

const { firestore, close } = emulatedFirestore(`encryption-library-${String(Date.now())}`);
afterAll(close);

const natives = firestoreNativeTypes(() => firestore);
const { domain, members, notes, diaries } = libraryDomain(firestore, { natives });

let count = 0;
const newUid = (): string => `u${String(Date.now())}x${String((count += 1))}`;
const reader: Reader = { actor: "operator", actorUid: "staff", purpose: "Help" };
const stored = async (path: string): Promise<DocumentData> => (await firestore.doc(path).get()).data() ?? {};
const taken = () => domain.accesses.splice(0);
const code = (name: string, details: object = {}) =>
  expect.objectContaining({ code: `encryption/${name}`, details: expect.objectContaining(details) });

const without = (values: DocumentData, ...names: string[]) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

const every = {
  email: "Ada@Example.com",
  number: 42,
  secret: "in confidence",
  bio: "likes engines",
  height: NaN,
  active: true,
  born: Timestamp.fromMillis(946_684_800_123),
  home: new GeoPoint(52.5, 13.4),
  friend: firestore.doc("members/bob"),
  blob: Buffer.from([0, 255]),
  prefs: { "a.b": { list: [1, { deep: new GeoPoint(1, 2) }, null], at: Timestamp.fromMillis(1) }, none: null },
  tags: ["one", { two: NaN }, Buffer.from("x")],
  city: "Berlin",
  visits: 1,
  settings: { theme: "dark", size: { font: 12 } },
};

describe("values come back as they were written", () => {
  test("of every type and depth, through set and get; what lies in Firestore is ciphertext", async () => {
    const uid = newUid();
    await members.set({ uid }, every);
    expect(await members.get({ uid }, reader)).toEqual(every);
    const data = await stored(`members/${uid}`);
    expect(Object.keys(data).sort()).toEqual(["_b", "_bk", "_e", "_ek", "city", "settings", "visits"]);
    expect(JSON.stringify(data)).not.toMatch(/ada|confidence|engines/iu);
  });

  test("a Date comes back as a Timestamp, and a bigint as a bigint", async () => {
    const uid = newUid();
    await members.create({ uid }, { born: new Date(1_000), height: 2n ** 60n });
    expect(await members.get({ uid }, reader)).toEqual({ born: Timestamp.fromMillis(1_000), height: 2n ** 60n });
  });

  test("through a converter: set, merge, mergeFields, get", async () => {
    const uid = newUid();
    const warm = await members.warm(uid);
    await warm.doc({ uid }).set(every);
    await warm
      .doc({ uid })
      .set({ bio: "two", email: FieldValue.delete(), visits: FieldValue.increment(2) }, { merge: true });
    await warm.doc({ uid }).set({ prefs: { only: 1 }, city: "Rome" }, { mergeFields: warm.mask("prefs") });
    const values = await readWith(domain, reader, async (reading) =>
      (await warm.doc({ uid }, { reading }).get()).data(),
    );
    expect(values).toEqual({ ...without(every, "email"), bio: "two", visits: 3, prefs: { only: 1 } });
    expect((await stored(`members/${uid}`))["_b"]).toEqual({ number: expect.anything() as unknown });
  });

  test("through a converter of a query", async () => {
    const uid = newUid();
    await members.set({ uid }, { city: uid, secret: "x" });
    const warm = await members.warm(uid);
    const values = await readWith(domain, reader, async (reading) => {
      const query = firestore.collection("members").where("city", "==", uid).withConverter(warm.converter(reading));
      return (await query.get()).docs.map((document) => document.data());
    });
    expect(values).toEqual([{ city: uid, secret: "x" }]);
  });

  test("of documents whose own field says whose they are, nested", async () => {
    const [owner, room, note] = [newUid(), newUid(), newUid()];
    await notes.create({ room, note }, { text: "Hello" }, { subject: owner });
    await notes.update({ room, note }, { text: "Hello again" });
    expect(await notes.get({ room, note }, reader)).toEqual({ owner, text: "Hello again" });
  });
});

test("a snapshot is opened without waiting, by warm keys", async () => {
  const uid = newUid();
  await members.set({ uid }, { secret: "x", city: "Rome" });
  const [warm, snapshot] = [await members.warm(uid), await members.doc({ uid }).get()];
  const values = await readWith(domain, reader, (reading) => warm.open(snapshot, reading));
  expect(values).toEqual({ secret: "x", city: "Rome" });
});

describe("an update", () => {
  test("touches the named fields and nothing else; null removes a field, a dotted path is a part of a plain map", async () => {
    const uid = newUid();
    await members.set({ uid }, every);
    const before = await stored(`members/${uid}`);
    await members.update(
      { uid },
      { bio: "two", email: null, city: null, "settings.size.font": 14, visits: FieldValue.increment(1) },
    );
    const after = await stored(`members/${uid}`);
    const settings = { theme: "dark", size: { font: 14 } };
    expect(await members.get({ uid }, reader)).toEqual({
      ...without(every, "email", "city"),
      bio: "two",
      settings,
      visits: 2,
    });
    expect(after["_e"]).toMatchObject(without(before["_e"] as DocumentData, "bio", "email"));
    expect(Object.keys(after["_b"] as object)).toEqual(["number"]);
  });

  test("of a document that is not there is refused by Firestore, and makes none", async () => {
    const uid = newUid();
    await expect(members.update({ uid }, { bio: "x" })).rejects.toMatchObject({ code: 5 });
    expect((await firestore.doc(`members/${uid}`).get()).exists).toBe(false);
  });

  test("never raises the lowest key version that a document has, so that the sweep finds what is old", async () => {
    const uid = newUid();
    const warm = await members.warm(uid);
    await members.set({ uid }, { bio: "x", email: "a@b.example" });
    await firestore.doc(`members/${uid}`).update({ _ek: 0, _bk: 0 });
    await members.update({ uid }, { email: "c@d.example" });
    await members.set({ uid }, { bio: "y" }, { merge: true });
    await warm.doc({ uid }).set({ bio: "z" }, { mergeFields: warm.mask("bio") });
    expect(await stored(`members/${uid}`)).toMatchObject({ _ek: 0, _bk: 0 });
    await members.set({ uid }, { bio: "x", email: "a@b.example" });
    expect(await stored(`members/${uid}`)).toMatchObject({ _ek: 1, _bk: 1 });
  });

  test("in parts works where one token holds everything, and loses nothing to writers who race", async () => {
    const uid = newUid();
    await diaries.set({ uid }, { monday: "one", mood: "fine" }, { merge: true });
    await Promise.all([diaries.update({ uid }, { tuesday: "two" }), diaries.update({ uid }, { monday: "three" })]);
    expect(await diaries.get({ uid }, reader)).toEqual({ monday: "three", tuesday: "two", mood: "fine" });
    expect(Object.keys((await stored(`diaries/${uid}`))["_e"] as object)).toEqual(["*"]);
    await diaries.update({ uid }, { monday: null });
    expect(await diaries.get({ uid }, reader)).toEqual({ tuesday: "two", mood: "fine" });
    const warm = await diaries.warm(uid);
    const batch = firestore.batch();
    expect(() => warm.update(batch, { uid }, { monday: "x" })).toThrow(code("field-partial", { field: "monday" }));
  });
});

test("a client's write in parts, too, keeps the rest of a document that is one token", async () => {
  const uid = newUid();
  const deps = { ...domain, documents: firestoreDocumentStore(() => firestore) };
  const place = { collection: "diaries", params: { uid } };
  await writeDocument(deps, uid, { ...place, values: { monday: "one", mood: "fine" } });
  await writeDocument(deps, uid, { ...place, values: { tuesday: "two", mood: "tired" } });
  await writeDocument(deps, uid, { ...place, values: { monday: null } });
  expect(await diaries.get({ uid }, reader)).toMatchObject({ tuesday: "two", mood: "tired" });
  expect(Object.keys((await diaries.get({ uid }, reader)) ?? {}).sort()).toEqual(["mood", "since", "tuesday"]);
});

describe("what cannot be written", () => {
  const cases: [string, () => Promise<unknown>, string, object][] = [
    [
      "a transform of an encrypted field",
      () => members.set({ uid: "u" }, { height: FieldValue.increment(1) } as never),
      "field-sentinel",
      { field: "height" },
    ],
    [
      "arrayUnion on an encrypted field",
      () => members.update({ uid: "u" }, { tags: FieldValue.arrayUnion("x") } as never),
      "field-sentinel",
      { field: "tags" },
    ],
    [
      "a server timestamp in an encrypted field",
      () => members.set({ uid: "u" }, { born: FieldValue.serverTimestamp() } as never, { merge: true }),
      "field-sentinel",
      { field: "born" },
    ],
    [
      "a part of an encrypted map",
      () => members.update({ uid: "u" }, { "prefs.a": 1 } as never),
      "field-partial",
      { field: "prefs" },
    ],
    [
      "an encrypted map that would have to be merged",
      () => members.set({ uid: "u" }, { prefs: { a: 1 } }, { merge: true }),
      "field-partial",
      { field: "prefs" },
    ],
    [
      "a field that is not declared",
      () => members.set({ uid: "u" }, { nope: 1 } as never),
      "field-unknown",
      { field: "nope" },
    ],
    [
      "a wrong type",
      () => members.set({ uid: "u" }, { bio: 1 } as never),
      "field-wrong-type",
      { field: "bio", expected: "string" },
    ],
    [
      "a path that lacks a variable",
      () => notes.set({ room: "r" } as never, { text: "x" }),
      "path-wrong",
      { template: "rooms/{room}/notes/{note}" },
    ],
    [
      "the field that says whose it is, in an update",
      () => notes.update({ room: "r", note: "n" }, { owner: "you" }),
      "subject-wrong",
      { field: "owner" },
    ],
    ["a document of nobody", () => notes.create({ room: "r", note: "n" }, { text: "x" }), "subject-missing", {}],
  ];
  test.each(cases)("%s", async (_, write, name, details) => {
    await expect(Promise.resolve().then(write)).rejects.toEqual(code(name, details));
  });

  test("an encrypted field by its own name in mergeFields: the token would not be written", async () => {
    const warm = await members.warm("u");
    expect(() => firestore.batch().set(warm.doc({ uid: "u" }), { bio: "x" }, { mergeFields: ["bio"] })).toThrow(
      code("field-encrypted", { field: "bio", operation: "mergeFields" }),
    );
  });

  test("anything through the converter of a query, which does not know the document", async () => {
    const warm = await members.warm("u");
    await readWith(domain, reader, (reading) => {
      const collection = firestore.collection("members").withConverter(warm.converter(reading));
      expect(() => firestore.batch().set(collection.doc("u"), { bio: "x" })).toThrow(code("path-wrong"));
    });
  });
});

describe("inside transactions, batches and bulk writes", () => {
  test("a transaction that is tried again makes no KMS call", async () => {
    const uid = newUid();
    await members.set({ uid }, { bio: "0", email: "a@b.example" });
    const warm = await members.warm(uid);
    domain.kmsState.calls = 0;
    let tries = 0;
    const seen = await readWith(domain, { actor: "system" }, (reading) =>
      firestore.runTransaction(async (transaction) => {
        tries += 1;
        const bio = (await transaction.get(warm.doc({ uid }, { reading }))).data()?.bio ?? "";
        warm.update(transaction, { uid }, { bio: `${bio}1`, email: "c@d.example" });
        // As when another writer was quicker: the SDK tries again.
        if (tries < 3) throw Object.assign(new Error("contention"), { code: 10 });
        return bio;
      }),
    );
    expect({ seen, tries, calls: domain.kmsState.calls }).toEqual({ seen: "0", tries: 3, calls: 0 });
    expect(await members.get({ uid }, reader)).toEqual({ bio: "01", email: "c@d.example" });
  });

  test("keys that are not in memory are refused at once, not fetched", async () => {
    const [uid, other] = [newUid(), newUid()];
    await members.set({ uid }, { secret: "x" });
    const warm = await members.warm(other);
    domain.kmsState.calls = 0;
    const inside = (work: () => unknown) => firestore.runTransaction(async () => work());
    domain.time.now += 3_600_000;
    await expect(inside(() => members.set({ uid }, { secret: "y" }))).rejects.toEqual(code("kms-in-transaction"));
    await expect(inside(() => members.get({ uid }, reader))).rejects.toEqual(code("kms-in-transaction"));
    await expect(inside(() => members.warm(uid))).rejects.toEqual(code("kms-in-transaction"));
    await expect(inside(() => warm.update(firestore.batch(), { uid }, { secret: "y" }))).rejects.toEqual(
      code("keys-cold"),
    );
    expect(domain.kmsState.calls).toBe(0);
  });

  test("warm keys end with the cache's time", async () => {
    const uid = newUid();
    const warm = await members.warm(uid);
    warm.set(firestore.batch(), { uid }, { secret: "x" });
    domain.time.now += 3_600_000;
    expect(() => warm.set(firestore.batch(), { uid }, { secret: "x" })).toThrow(code("keys-cold"));
  });

  test("a hundred people are written and read with two KMS calls each at most, and one write of record", async () => {
    const uids = Array.from({ length: 100 }, newUid);
    domain.kmsState.calls = 0;
    const warm = await members.warm(uids);
    const bulk = firestore.bulkWriter();
    for (const uid of uids) warm.set(bulk, { uid }, { secret: uid, bio: "x" });
    await bulk.close();
    expect(domain.kmsState.calls).toBeLessThanOrEqual(202);
    taken();
    const snapshots = await firestore.getAll(...uids.map((uid) => members.doc({ uid })));
    const values = await members.open(snapshots, reader);
    expect(values.map(({ secret }) => secret)).toEqual(uids);
    expect(taken().map(({ subject }) => subject)).toEqual(uids);
  });
});
