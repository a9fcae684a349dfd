import { afterAll, describe, expect, test } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { indexValue } from "../indexes/blind-index.js";
import { firestoreNativeTypes } from "../tokens/native-types.firestore.js";
import { planOf } from "../tokens/document-plan.js";
import { libraryDomain } from "./documents.fixture.js";
import type { Reader } from "./reader.js";

const { firestore, close } = emulatedFirestore(`encryption-query-${String(Date.now())}`);
afterAll(close);

const { domain, members, notes } = libraryDomain(firestore, { natives: firestoreNativeTypes(() => firestore) });

let count = 0;
const newId = (): string => `u${String(Date.now())}x${String((count += 1))}`;
const reader: Reader = { actor: "operator", actorUid: "staff" };
const idsOf = (found: readonly { ref: { id: string } }[]) => found.map(({ ref }) => ref.id);

describe("a query by an encrypted field", () => {
  test("finds by equality, in the form of its lookup, together with plain fields, order, limit and cursor", async () => {
    const city = newId();
    const people = ["a", "b", "c"].map((name) => ({ uid: newId(), email: `${name}@${city}.example` }));
    for (const [visits, { uid, email }] of people.entries())
      await members.set({ uid }, { email, city, visits, number: 7 });
    const [a, b, c] = people.map(({ uid }) => uid);
    const emails = people.map(({ email }) => email);
    expect(idsOf(await members.where("email", "==", ` A@${city.toUpperCase()}.Example`).get(reader))).toEqual([a]);
    expect(idsOf(await members.where("email", "in", emails).where("city", "==", city).get(reader))).toHaveLength(3);
    expect(idsOf(await members.where("email", "in", emails.slice(1)).where("number", "==", 7).get(reader))).toEqual([
      b,
      c,
    ]);
    expect(idsOf(await members.where("city", "==", city).where("visits", ">", 0).get(reader))).toEqual([b, c]);
    const ordered = members.where("city", "==", city).orderBy("visits", "desc");
    expect(idsOf(await ordered.limit(2).get(reader))).toEqual([c, b]);
    expect(idsOf(await ordered.startAfter(1).get(reader))).toEqual([a]);
    expect(await members.where("number", "==", 7).where("city", "==", city).count()).toBe(3);
    expect(await members.where("city", "==", city).sum("visits")).toBe(3);
  });

  test("gives only what has the value: an index that was left behind, or of another value, is looked through", async () => {
    const email = `${newId()}@x.example`;
    const [stale, other, true1] = [newId(), newId(), newId()];
    await members.set({ uid: stale }, { email: "else@x.example", secret: "not shown" });
    await members.set({ uid: other }, { bio: "no address" });
    await members.set({ uid: true1 }, { email });
    const field = planOf(domain.dataMap(), "members").fields.get("email");
    const root = domain.indexRoot.held();
    if (field === undefined || root === undefined) throw new Error("the index is warm");
    const index = indexValue(root, field, email);
    for (const uid of [stale, other]) await firestore.doc(`members/${uid}`).update({ "_b.email": index });
    domain.accesses.splice(0);
    expect(idsOf(await members.where("email", "==", email).limit(1).get(reader))).toEqual([true1]);
    expect(domain.accesses.map(({ subject }) => subject)).toEqual([true1]);
  });

  test("finds in every nested collection or within one, and nothing in others of the same name", async () => {
    const [owner, room, elsewhere] = [newId(), newId(), newId()];
    for (const each of [room, elsewhere])
      await notes.create({ room: each, note: newId() }, { owner, text: `Hi ${owner}` });
    await firestore
      .doc(`attics/a/notes/${newId()}`)
      .set((await firestore.collection(`rooms/${room}/notes`).get()).docs[0]?.data() ?? {});
    const query = notes.where("text", "==", `hi ${owner}`);
    expect((await query.get(reader)).map(({ params }) => params.room).sort()).toEqual([room, elsewhere].sort());
    expect((await query.under({ room }).get(reader)).map(({ values }) => values)).toEqual([
      { owner, text: `Hi ${owner}` },
    ]);
  });

  test("leaves out people who were erased, and goes on", async () => {
    const email = `${newId()}@x.example`;
    const [gone, here] = [newId(), newId()];
    for (const uid of [gone, here]) await members.set({ uid }, { email });
    await domain.dataKeys.destroy(gone);
    expect(idsOf(await members.where("email", "==", email).get(reader))).toEqual([here]);
  });

  test("can be run in a transaction, and held against the true values", async () => {
    const [uid, email] = [newId(), `${newId()}@x.example`];
    await members.set({ uid }, { email, bio: "x" });
    const asked = members.where("email", "==", email);
    const [query, warm] = await Promise.all([asked.query(), members.warm(uid)]);
    domain.kmsState.calls = 0;
    await firestore.runTransaction(async (transaction) => {
      for (const found of (await transaction.get(query)).docs)
        warm.update(transaction, { uid: found.id }, { bio: "y" });
    });
    expect(domain.kmsState.calls).toBe(0);
    const values = await members.get({ uid }, reader);
    expect(values).toEqual({ email, bio: "y" });
    expect(asked.holds(values ?? {})).toBe(true);
    expect(asked.holds({ email: "else@x.example" })).toBe(false);
  });
});
