import { GeoPoint, FieldValue, Timestamp } from "firebase-admin/firestore";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeTuple } from "../../kernel/bytes.js";
import { associatedData } from "./associated-data.js";
import { makeBlindIndex } from "../indexes/blind-index.js";
import { planOf } from "./document-plan.js";
import { testDataMap, testDomain, testNatives } from "../encryption.fixture.js";
import { openDocument, openWithKeys } from "./open-document.js";
import { sealDocument, sealWithKeys, type Values } from "./seal-document.js";

const person = (values: Values, subject = "u1") => ({
  collection: "people",
  path: `people/${subject}`,
  subject,
  values,
});
const stored = (data: Values, subject = "u1") => ({ collection: "people", path: `people/${subject}`, data });

const full = {
  email: "ada@example.com",
  secret: "said in confidence",
  tags: ["a", { b: NaN }],
  bio: "likes engines",
  height: -0,
  active: false,
  born: new Timestamp(-5, 7),
  home: new GeoPoint(51.5, -0.1),
  friend: testNatives.reference("people/u2"),
  blob: Buffer.from([0, 255]),
  prefs: { deep: { er: [1n, null] } },
  theme: "dark",
  score: 3,
};

test("a document comes back as it went in, with nothing but GREEN in the clear", async () => {
  const domain = testDomain();
  const data = await sealDocument(domain, person(full));
  expect(Object.keys(data).sort()).toEqual(["_b", "_bk", "_e", "_ek", "theme"]);
  expect(data["theme"]).toBe("dark");
  expect(JSON.stringify(data)).not.toMatch(/ada|confidence|engines/u);
  expect(await openDocument(domain, stored(data))).toEqual(full);
});

test("RED fields are committing tokens of 77 bytes more, AMBER ones of 45; `_ek` is the key version, `_b` has 16 bytes", async () => {
  const domain = testDomain();
  const data = await sealDocument(domain, person({ email: "a@b.example", bio: "" }));
  const tokens = data["_e"] as Record<string, Buffer>;
  expect([tokens["email"]?.[0], tokens["email"]?.length]).toEqual([2, 77 + 1 + 11]);
  expect([tokens["bio"]?.[0], tokens["bio"]?.length]).toEqual([1, 45 + 1]);
  expect(data["_ek"]).toBe(1);
  expect((data["_b"] as Record<string, Buffer>)["email"]?.length).toBe(16);
});

test("the same value never gives the same token, but always the same blind index", async () => {
  const domain = testDomain();
  const [one, other] = [
    await sealDocument(domain, person({ email: "Ada@Example.com " })),
    await sealDocument(domain, person({ email: "ada@example.com" }, "u2")),
  ];
  expect((one["_e"] as Values)["email"]).not.toEqual((other["_e"] as Values)["email"]);
  expect(one["_b"]).toEqual(other["_b"]);
  const wanted = await makeBlindIndex(domain, { collection: "people", field: "email", value: "ADA@example.com" });
  expect(wanted).toEqual([(one["_b"] as Values)["email"]]);
});

test("the associated data is the tuple that the format says, for every path, subject and field", () => {
  const plan = planOf(testDataMap(), "notes");
  const field = plan.fields.get("text");
  if (field === undefined) throw new Error("the test map has a field `text`");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 3_000 }), fc.string(), fc.string(), (room, note, subject) => {
      const tuple = [
        "pt1",
        "RED",
        "rooms/{room}/notes/{note}",
        encodeTuple([room, note]),
        "text",
        `user:${subject}`,
        "string",
      ];
      const made = associatedData({ pathValues: [room, note], subject }, field, 2, 0x01020304);
      expect(Buffer.from(made)).toEqual(Buffer.concat([Buffer.of(2, 1, 2, 3, 4), encodeTuple(tuple)]));
    }),
    { numRuns: 200 },
  );
});

describe("a token that is not where it was put is refused", () => {
  const setUp = async () => {
    const domain = testDomain();
    const data = await sealDocument(domain, person({ secret: "same", other: "same", bio: "same" }));
    const theirs = await sealDocument(domain, person({ secret: "theirs" }, "u2"));
    return { domain, tokens: data["_e"] as Values, theirs: theirs["_e"] as Values };
  };
  const refused = (promise: Promise<unknown>) =>
    expect(promise).rejects.toMatchObject({ code: "encryption/undecryptable" });

  test("in another field of the same document", async () => {
    const { domain, tokens } = await setUp();
    await refused(openDocument(domain, stored({ _e: { secret: tokens["other"], other: tokens["secret"] } })));
  });

  test("in another class", async () => {
    const { domain, tokens } = await setUp();
    await refused(openDocument(domain, stored({ _e: { bio: tokens["secret"] } })));
    await refused(openDocument(domain, stored({ _e: { secret: tokens["bio"] } })));
  });

  test("in another subject's document", async () => {
    const { domain, tokens, theirs } = await setUp();
    await refused(openDocument(domain, stored({ _e: { secret: theirs["secret"] } })));
    await refused(openDocument(domain, stored({ _e: { secret: tokens["secret"] } }, "u2")));
  });

  test("in another document of the same subject", async () => {
    const domain = testDomain();
    const note = { collection: "notes", subject: "u1" };
    const data = await sealDocument(domain, { ...note, path: "rooms/r/notes/1", values: { owner: "u1", text: "x" } });
    expect(await openDocument(domain, { ...note, path: "rooms/r/notes/1", data })).toEqual({ owner: "u1", text: "x" });
    await refused(openDocument(domain, { ...note, path: "rooms/r/notes/2", data }));
    await refused(openDocument(domain, { ...note, path: "rooms/q/notes/1", data }));
  });

  test("or that is no token at all", async () => {
    const { domain } = await setUp();
    for (const token of ["text", Buffer.of(), Buffer.alloc(200), null]) {
      await refused(openDocument(domain, stored({ _e: { secret: token } })));
    }
  });
});

test.each([
  ["a field that is not in the map", { nope: 1 }, "field-unknown", "nope"],
  ["a field named __proto__", JSON.parse('{"__proto__":1}') as Values, "field-unknown", "__proto__"],
  ["a number for text", { secret: 1 }, "field-wrong-type", "secret"],
  ["null", { bio: null }, "field-wrong-type", "bio"],
  ["text for a plain field of another type", { since: "now" }, "field-wrong-type", "since"],
  ["an array for a map", { prefs: [] }, "field-wrong-type", "prefs"],
  ["undefined within a map", { prefs: { a: undefined } }, "field-wrong-type", "prefs"],
  ["a transform on an encrypted field", { height: FieldValue.increment(1) }, "field-sentinel", "height"],
  ["a transform within an encrypted map", { prefs: { a: FieldValue.delete() } }, "field-sentinel", "prefs"],
  ["an address that is none", { email: "nobody" }, "value-not-normal", "email"],
])("refuses %s, and names the field", async (_, values, code, field) => {
  const domain = testDomain();
  const sealing = sealDocument(domain, person(values));
  await expect(sealing).rejects.toMatchObject({ code: `encryption/${code}`, details: { field } });
});

test("a faulty document makes no key", async () => {
  const domain = testDomain();
  await expect(sealDocument(domain, person({ secret: "fine", nope: 1 }))).rejects.toThrow();
  expect(domain.kmsState.calls).toBe(0);
  expect(await domain.ground.store.find("u1")).toBe(undefined);
});

test("lets a transform pass on a plain field, which Firestore applies itself", async () => {
  const since = FieldValue.serverTimestamp();
  expect(await sealDocument(testDomain(), person({ since, theme: "dark" }))).toEqual({ since, theme: "dark" });
});

test("refuses to seal a document for somebody else than it is about, and a path of another collection", async () => {
  const domain = testDomain();
  const values = { bio: "x" };
  const wrong = sealDocument(domain, { collection: "people", path: "people/u2", subject: "u1", values });
  await expect(wrong).rejects.toMatchObject({ code: "encryption/subject-wrong" });
  for (const path of ["people", "people/", "places/u1", "people/u1/notes/n"]) {
    const lost = sealDocument(domain, { collection: "people", path, subject: "u1", values });
    await expect(lost).rejects.toMatchObject({ code: "encryption/path-wrong" });
  }
  const unknown = sealDocument(domain, { collection: "nowhere", path: "people/u1", subject: "u1", values });
  await expect(unknown).rejects.toMatchObject({ code: "encryption/collection-unknown" });
});

test("warm, then convert: sealing and opening without waiting, and a clear error when the keys are not warm", async () => {
  const domain = testDomain();
  const keys = await domain.dataKeys.warm(
    [
      { subject: "u1", class: "RED" },
      { subject: "u1", class: "AMBER" },
    ],
    { create: true },
  );
  const data = sealWithKeys(domain, keys, person({ secret: "s", bio: "b" }));
  expect(openWithKeys(domain, keys, stored(data))).toEqual({ secret: "s", bio: "b" });
  expect(() => sealWithKeys(domain, { find: () => undefined }, person({ secret: "s" }))).toThrow("await warm()");
});
