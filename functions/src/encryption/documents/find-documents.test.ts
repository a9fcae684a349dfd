import { describe, expect, test } from "@jest/globals";
import { testDomain } from "../encryption.fixture.js";
import { sealDocument, type Values } from "../tokens/seal-document.js";
import type { DocumentStore, FoundDocument, IndexQuery } from "./document-store.js";
import { findDocuments } from "./find-documents.js";

const officer = { roles: ["privacy-officer"], aal: 2 } as const;

/** Documents that all have one index, in a store that narrows nothing down. */
const world = async (people: readonly { uid: string; values: Values }[]) => {
  const domain = testDomain();
  const rows: FoundDocument[] = [];
  for (const { uid, values } of people) {
    const place = { collection: "people", path: `people/${uid}` };
    rows.push({ path: place.path, data: await sealDocument(domain, { ...place, subject: uid, values }) });
  }
  const asked: IndexQuery[] = [];
  const documents: DocumentStore = {
    read: () => Promise.resolve(undefined),
    write: () => Promise.resolve(false),
    findByIndex: (query) => {
      asked.push(query);
      const start = rows.findIndex(({ path }) => path === query.after) + 1;
      return Promise.resolve(rows.slice(start, start + query.limit));
    },
  };
  const find = async (uid: string, field = "email", session?: typeof officer) => {
    const caller = { uid, ...(session !== undefined && { session: { ...session, roles: [...session.roles] } }) };
    const found = await findDocuments({ ...domain, documents }, caller, {
      collection: "people",
      field,
      value: "a@b.example",
    });
    return found.documents.map(({ params }) => params["uid"]);
  };
  return { domain, find, asked };
};

const email = "a@b.example";
const crowd = (size: number) =>
  Array.from({ length: size }, (_, index) => ({ uid: `other${String(index)}`, values: { email } }));

describe("finding by a value that many share", () => {
  test("gives the caller's own, however many others come before it, and opens none of theirs", async () => {
    const { find, domain } = await world([...crowd(170), { uid: "me", values: { email } }, ...crowd(10)]);
    expect(await find("me")).toEqual(["me"]);
    expect(domain.accesses.map(({ subject }) => subject)).toEqual(["me"]);
  });

  test("gives an officer 50 at most, their own first", async () => {
    const { find, domain } = await world([...crowd(70), { uid: "me", values: { email } }]);
    const found = await find("me", "email", officer);
    expect(found).toHaveLength(50);
    expect(found[0]).toBe("me");
    expect(domain.accesses).toHaveLength(50);
  });

  test("ends where there is no more", async () => {
    const { find, asked } = await world(crowd(60));
    expect(await find("me")).toEqual([]);
    expect(asked.map(({ after }) => after)).toEqual([undefined, "people/other49"]);
  });

  test("ends after 2 000 documents of others", async () => {
    const { find, asked } = await world(crowd(2_100));
    expect(await find("me")).toEqual([]);
    expect(asked).toHaveLength(40);
  });

  test("by a field that only two people may open is refused", async () => {
    const { find } = await world([]);
    await expect(find("me", "scan")).rejects.toMatchObject({ code: "encryption/field-not-findable" });
  });

  test("shows nothing that has another value by now", async () => {
    const { find, domain } = await world([{ uid: "me", values: { email: "else@b.example", secret: "x" } }]);
    expect(await find("me")).toEqual([]);
    expect(domain.accesses).toEqual([]);
  });
});
