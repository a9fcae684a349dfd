import { afterAll, describe, expect, test } from "@jest/globals";
import type { Access } from "../../audit/index.js";
import { config } from "../../config.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { firestoreDataKeyStore } from "../keys/data-key-store.firestore.js";
import { firestoreDocumentStore } from "./document-store.firestore.js";
import { testDomain } from "../encryption.fixture.js";
import { findDocuments } from "./find-documents.js";
import { firestoreIndexRootStore } from "../indexes/index-root-store.firestore.js";
import { firestoreNativeTypes } from "../tokens/native-types.firestore.js";
import { readDocument } from "./read-document.js";
import { writeDocument } from "./write-document.js";

// A project for each run: the memory KMS has new keys every time, and could not unwrap what an earlier run left.
const project = `encryption-documents-${String(Date.now())}`;
const { firestore, close } = emulatedFirestore(project);
const keys = emulatedFirestore(project, "keys");
afterAll(async () => {
  await close();
  await keys.close();
});

const domain = {
  ...testDomain({
    store: firestoreDataKeyStore(() => keys.firestore),
    roots: firestoreIndexRootStore(() => keys.firestore),
    natives: firestoreNativeTypes(() => firestore),
  }),
  documents: firestoreDocumentStore(() => firestore),
};

let count = 0;
const newUid = (): string => `u${String(Date.now())}x${String((count += 1))}`;
const people = (uid: string) => ({ collection: "people", params: { uid } });
const write = (uid: string, values: Record<string, unknown>, place = people(uid)) =>
  writeDocument(domain, uid, { ...place, values });
const read = async (uid: string, place = people(uid)) => (await readDocument(domain, uid, place)).values;
const stored = async (path: string) => (await firestore.doc(path).get()).data() ?? {};
const taken = (): Access[] => domain.accesses.splice(0);

describe("a person's own document", () => {
  test("is ciphertext in Firestore, and comes back as it was written", async () => {
    const uid = newUid();
    const values = {
      email: "Ada@Example.com",
      secret: "in confidence",
      bio: "likes engines",
      height: 1.7,
      born: "2000-01-02T00:00:00.000Z",
      home: { latitude: 1, longitude: 2 },
      blob: "AP8",
      prefs: { a: [true] },
      theme: "dark",
    };
    expect(await write(uid, values)).toEqual({ created: true });
    const data = await stored(`people/${uid}`);
    expect(Object.keys(data).sort()).toEqual(["_b", "_bk", "_e", "_ek", "since", "theme"]);
    expect(JSON.stringify(data)).not.toMatch(/ada|confidence|engines/iu);
    expect(await read(uid)).toEqual({ ...values, since: new Date(domain.time.now).toISOString() });
  });

  test("is merged field by field; null removes a field with its token and index", async () => {
    const uid = newUid();
    await write(uid, { email: "a@b.example", secret: "one", bio: "one", theme: "dark" });
    expect(await write(uid, { bio: "two", theme: null, email: null })).toEqual({ created: false });
    expect(await read(uid)).toMatchObject({ secret: "one", bio: "two" });
    const data = await stored(`people/${uid}`);
    expect(Object.keys(data["_e"] as object).sort()).toEqual(["bio", "secret"]);
    expect(data["_b"]).toEqual({});
    expect(data["theme"]).toBe(undefined);
  });

  test("puts every look at, and change of, RED fields on record with purpose and legal basis", async () => {
    const uid = newUid();
    taken();
    await write(uid, { secret: "x", bio: "y" });
    await read(uid);
    const entry = { subject: uid, actor: "subject", collection: "people", fields: ["secret"] };
    const why = { purpose: "Test the encryption", legalBasis: "contract" };
    expect(taken()).toEqual([
      { ...entry, ...why, action: "write" },
      { ...entry, ...why, action: "read" },
    ]);
    const other = newUid();
    await write(other, { bio: "no RED here" });
    await read(other);
    expect(taken()).toEqual([]);
  });

  test("costs no KMS call once the keys are warm", async () => {
    const uid = newUid();
    await write(uid, { email: "a@b.example", secret: "x", bio: "y" });
    domain.kmsState.calls = 0;
    await write(uid, { email: "c@d.example", secret: "z", bio: "w" });
    await read(uid);
    expect(domain.kmsState.calls).toBe(0);
  });

  test("loses no field to writers who race", async () => {
    const uid = newUid();
    const fields = ["secret", "other", "bio"];
    await Promise.all(fields.map((field) => write(uid, { [field]: field })));
    expect(await read(uid)).toMatchObject({ secret: "secret", other: "other", bio: "bio" });
  });

  test("is left as it was when KMS is down: nothing is half written", async () => {
    const uid = newUid();
    domain.kmsState.fail = "kms-unavailable";
    await expect(write(uid, { theme: "dark", secret: "x" })).rejects.toMatchObject({
      code: "encryption/kms-unavailable",
    });
    domain.kmsState.fail = undefined;
    expect((await firestore.doc(`people/${uid}`).get()).exists).toBe(false);
  });
});

test.each([
  ["another's document", { collection: "people", params: { uid: "somebody" } }, { bio: "x" }, "not-yours"],
  [
    "a collection that is not in the map",
    { collection: "nowhere", params: { uid: "me" } },
    { bio: "x" },
    "collection-unknown",
  ],
  [
    "a collection that nobody reads",
    { collection: "vault", params: { uid: "me" } },
    { number: "x" },
    "collection-closed",
  ],
  [
    "a plain collection that nobody writes",
    { collection: "days", params: { uid: "me" } },
    { mood: "x" },
    "collection-closed",
  ],
  [
    "a path with a variable too many",
    { collection: "people", params: { uid: "me", more: "x" } },
    { bio: "x" },
    "path-wrong",
  ],
  [
    "a path that leaves its collection",
    { collection: "notes", params: { room: "a/b", note: "n" } },
    { text: "x" },
    "path-wrong",
  ],
  [
    "what was concluded about them",
    { collection: "people", params: { uid: "me" } },
    { score: 1 },
    "field-not-writable",
  ],
  [
    "what was observed of them",
    { collection: "people", params: { uid: "me" } },
    { since: "2026-01-01T00:00:00Z" },
    "field-not-writable",
  ],
  ["an unknown field", { collection: "people", params: { uid: "me" } }, { nope: 1 }, "field-unknown"],
  ["a reserved field", { collection: "people", params: { uid: "me" } }, { _e: {} }, "field-unknown"],
  ["a wrong type", { collection: "people", params: { uid: "me" } }, { born: "soon" }, "field-wrong-type"],
  [
    "a note in somebody else's name",
    { collection: "notes", params: { room: "r", note: "n" } },
    { owner: "you" },
    "field-not-writable",
  ],
])("a client cannot write %s", async (_, place, values, code) => {
  const writing = writeDocument(domain, "me", {
    ...place,
    params: { ...place.params },
    values,
  });
  await expect(writing).rejects.toMatchObject({ code: `encryption/${code}` });
});

describe("a document whose field says whose it is", () => {
  const note = (id: string) => ({ collection: "notes", params: { room: "r", note: id } });

  test("is the caller's from its creation, and closed to others", async () => {
    const [me, you, id] = [newUid(), newUid(), newUid()];
    await writeDocument(domain, me, { ...note(id), values: { text: "mine" } });
    expect(await readDocument(domain, me, note(id))).toMatchObject({ values: { owner: me, text: "mine" } });
    await expect(readDocument(domain, you, note(id))).rejects.toMatchObject({ code: "encryption/not-found" });
    const taking = writeDocument(domain, you, { ...note(id), values: { text: "yours" } });
    await expect(taking).rejects.toMatchObject({ code: "encryption/not-yours" });
  });

  test("is found in a nested collection, by text whatever its case", async () => {
    const [me, id] = [newUid(), newUid()];
    await writeDocument(domain, me, { ...note(id), values: { text: `Hello ${id}` } });
    const found = await findDocuments(
      domain,
      { uid: me },
      { collection: "notes", field: "text", value: `hello ${id}` },
    );
    expect(found.documents).toMatchObject([{ params: { room: "r", note: id }, values: { text: `Hello ${id}` } }]);
  });
});

describe("a document with tokens of older keys", () => {
  const later = async () => {
    const epoch = ((await domain.epochs.find())?.epoch ?? 1) + 1;
    await domain.epochs.start({ epoch, startedAt: domain.time.now });
    domain.time.now += 2 * config.keys.cacheMs;
    return epoch;
  };
  const keysOf = async (path: string) => {
    const data = await stored(path);
    const versions = Object.entries(data["_e"] as Record<string, Buffer>);
    return {
      ...Object.fromEntries(versions.map(([name, token]) => [name, token.readUInt32BE(1)])),
      _ek: data["_ek"] as unknown,
    };
  };

  test("has all of them under today's in the next write, which tells nobody of an access to what it did not name", async () => {
    const uid = newUid();
    await write(uid, { email: "a@b.example", secret: "one", bio: "two" });
    const epoch = await later();
    taken();
    await write(uid, { bio: "three" });
    expect(await keysOf(`people/${uid}`)).toEqual({ email: epoch, secret: epoch, bio: epoch, _ek: epoch });
    expect(taken()).toEqual([]);
    expect(await read(uid)).toMatchObject({ email: "a@b.example", secret: "one", bio: "three" });
    await later();
    await write(uid, { email: null });
    expect(Object.keys(await keysOf(`people/${uid}`))).not.toContain("email");
    expect((await stored(`people/${uid}`))["_b"]).toEqual({});
  });

  test("keeps an L4 token as it is, and counts it for the lowest version", async () => {
    const uid = newUid();
    await write(uid, { scan: "passport", bio: "one" });
    const before = (await keysOf(`people/${uid}`))._ek;
    const epoch = await later();
    await write(uid, { bio: "two" });
    expect(await keysOf(`people/${uid}`)).toEqual({ scan: before, bio: epoch, _ek: before });
    expect(await readDocument(domain, uid, people(uid))).toEqual({
      values: expect.not.objectContaining({ scan: "passport" }),
      onFile: ["scan"],
    });
  });

  test("is written in parts when what it has cannot be opened", async () => {
    const uid = newUid();
    await write(uid, { secret: "one", bio: "two" });
    const before = (await keysOf(`people/${uid}`))._ek;
    const token = ((await stored(`people/${uid}`))["_e"] as Record<string, Buffer>)["secret"] ?? Buffer.alloc(0);
    await firestore
      .doc(`people/${uid}`)
      .update({ "_e.secret": Buffer.concat([token.subarray(0, -1), Buffer.of((token.at(-1) ?? 0) ^ 1)]) });
    const epoch = await later();
    await write(uid, { bio: "three" });
    expect(await keysOf(`people/${uid}`)).toEqual({ secret: before, bio: epoch, _ek: before });
  });
});

describe("finding by an encrypted field", () => {
  const find = (uid: string, value: string, session?: { roles: string[]; aal: 1 | 2 }) =>
    findDocuments(
      domain,
      { uid, ...(session !== undefined && { session }) },
      { collection: "people", field: "email", value },
    );

  test("gives the caller their own, and nobody else's", async () => {
    const [me, you] = [newUid(), newUid()];
    const email = `${me}@example.com`;
    await write(me, { email, secret: "x" });
    await write(you, { email, secret: "y" });
    const found = await find(me, email.toUpperCase());
    expect(found.documents.map(({ params }) => params)).toEqual([{ uid: me }]);
    expect((await find(newUid(), email)).documents).toEqual([]);
    expect((await find(me, "not@there.example")).documents).toEqual([]);
  });

  test("gives anyone's to a privacy officer at AAL2, who is put on record; not at AAL1, nor to another role", async () => {
    const [me, officer] = [newUid(), newUid()];
    const email = `${me}@example.com`;
    await write(me, { email });
    taken();
    expect((await find(officer, email, { roles: ["privacy-officer"], aal: 1 })).documents).toEqual([]);
    expect((await find(officer, email, { roles: ["analyst"], aal: 2 })).documents).toEqual([]);
    expect(taken()).toEqual([]);
    const found = await find(officer, email, { roles: ["privacy-officer"], aal: 2 });
    expect(found.documents).toMatchObject([{ params: { uid: me }, values: { email } }]);
    expect(taken()).toMatchObject([
      { subject: me, actor: "operator", actorUid: officer, action: "read", fields: ["email"] },
    ]);
  });
});
