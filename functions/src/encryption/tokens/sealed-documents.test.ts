import { GeoPoint, Timestamp } from "firebase-admin/firestore";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { testDomain, testNatives } from "../encryption.fixture.js";
import { openDocument, type OpenRequest } from "./open-document.js";
import { sealDocument, type Values } from "./seal-document.js";

const timestamp = fc
  .tuple(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([seconds, nanoseconds]) => new Timestamp(seconds, nanoseconds));
const geopoint = fc
  .tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }))
  .map(([latitude, longitude]) => new GeoPoint(latitude, longitude));

/** Any value that Firestore can hold, nested. */
const value = fc.letrec<{ any: unknown; map: Values; array: unknown[] }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    timestamp,
    geopoint,
    fc.stringMatching(/^[a-z]{1,9}$/).map((id) => testNatives.reference(`people/${id}`)),
    tie("map"),
    tie("array"),
  ),
  map: fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), tie("any"), { maxKeys: 4 }),
  array: fc.array(tie("any"), { maxLength: 4 }),
}));
/** Some of the fields of `people` and `diaries`, which have the same: one of every type. */
const values = fc.record(
  {
    secret: fc.string({ unit: "grapheme" }),
    tags: value.array,
    bio: fc.string(),
    height: fc.double(),
    active: fc.boolean(),
    born: timestamp,
    home: geopoint,
    friend: fc.constant(testNatives.reference("people/u2")),
    blob: fc.uint8Array({ maxLength: 99 }).map((bytes) => Buffer.from(bytes)),
    prefs: value.map,
    theme: fc.string(),
  },
  { requiredKeys: [] },
);

const COLLECTIONS = ["people", "diaries"] as const;
type Name = (typeof COLLECTIONS)[number];

const seal = (domain: ReturnType<typeof testDomain>, collection: Name, given: Values, subject = "u1") =>
  sealDocument(domain, { collection, path: `${collection}/${subject}`, subject, values: given });
const at = (collection: Name, data: Values, subject = "u1"): OpenRequest => ({
  collection,
  path: `${collection}/${subject}`,
  data,
});
const tokensOf = (data: Values) => (data["_e"] ?? {}) as Record<string, Buffer>;

describe.each(COLLECTIONS)("%s", (collection) => {
  const one = collection === "diaries";

  test("documents of all types, nested, come back as they went in", async () => {
    const domain = testDomain();
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const data = await seal(domain, collection, given);
        const secrets = Object.keys(given).filter((name) => name !== "theme");
        const tokens = one ? secrets.slice(0, 1).map(() => "*") : secrets;
        expect(Object.keys(tokensOf(data)).sort()).toEqual(tokens.sort());
        expect(await openDocument(domain, at(collection, data))).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  test("a token with any one bit flipped, cut short, or added to is refused", async () => {
    const domain = testDomain();
    const [name, token] = Object.entries(tokensOf(await seal(domain, collection, { secret: "s" })))[0] ?? [
      "",
      Buffer.of(),
    ];
    const altered = [
      ...Array.from({ length: token.length * 8 }, (_, bit) => flip(token, bit)),
      ...Array.from({ length: token.length }, (_, length) => token.subarray(0, length)),
      Buffer.concat([token, Buffer.of(0)]),
      Buffer.concat([token, token]),
    ];
    for (const bytes of altered) {
      const opening = openDocument(domain, at(collection, { _e: { [name]: bytes } }));
      // A flipped key id names a key that is not there: refused before anything is decrypted.
      await expect(opening).rejects.toMatchObject({
        code: expect.stringMatching(/undecryptable|key-missing/) as unknown,
      });
    }
  });

  test("re-labelled as another version or key, even of the same person, it is refused", async () => {
    const domain = testDomain();
    const data = await seal(domain, collection, { secret: "s", ...(one ? {} : { bio: "b" }) });
    for (const [name, token] of Object.entries(tokensOf(data))) {
      const other = Buffer.from(token);
      other[0] = token[0] === 1 ? 2 : 1;
      const longer = Buffer.concat([other.subarray(0, 29), Buffer.alloc(32), other.subarray(29)]);
      for (const bytes of [other, longer]) {
        const opening = openDocument(domain, at(collection, { _e: { [name]: bytes } }));
        await expect(opening).rejects.toMatchObject({ code: "encryption/undecryptable" });
      }
    }
  });

  test("two people's tokens are never interchangeable, whatever is in them", async () => {
    const domain = testDomain();
    await fc.assert(
      fc.asyncProperty(values, values, async (mine, theirs) => {
        const [one, other] = [await seal(domain, collection, mine), await seal(domain, collection, theirs, "u2")];
        for (const name of Object.keys(tokensOf(one))) {
          const [here, there] = [tokensOf(one)[name], tokensOf(other)[name]];
          const moved = [openDocument(domain, at(collection, { _e: { [name]: here } }, "u2"))];
          if (there !== undefined) moved.push(openDocument(domain, at(collection, { _e: { [name]: there } })));
          const outcomes = await Promise.allSettled(moved);
          expect(outcomes.map(({ status }) => status)).toEqual(moved.map(() => "rejected"));
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("one token a document", () => {
  test("it commits where any field is RED, and shows neither which fields are there nor how many", async () => {
    const data = await seal(testDomain(), "diaries", { bio: "only AMBER", email: "Ada@Example.com", theme: "dark" });
    expect(Object.keys(data).sort()).toEqual(["_b", "_bk", "_e", "_ek", "theme"]);
    expect(Object.keys(tokensOf(data))).toEqual(["*"]);
    expect(tokensOf(data)["*"]?.[0]).toBe(2);
    expect(Object.keys(data["_b"] as object)).toEqual(["email"]);
  });

  test("a field of the wrong type is named, not the token", async () => {
    const wrong = seal(testDomain(), "diaries", { secret: "s", prefs: { a: undefined } });
    await expect(wrong).rejects.toMatchObject({ code: "encryption/field-wrong-type", details: { field: "prefs" } });
  });

  test("tokens of the one kind are refused where the map says the other", async () => {
    const domain = testDomain();
    const [whole, single] = [
      await seal(domain, "diaries", { secret: "s" }),
      await seal(domain, "people", { secret: "s" }),
    ];
    for (const request of [at("people", whole), at("diaries", single)]) {
      await expect(openDocument(domain, request)).rejects.toMatchObject({ code: "encryption/undecryptable" });
    }
  });

  test("only what is asked for is shown", async () => {
    const domain = testDomain();
    const data = await seal(domain, "diaries", { secret: "s", bio: "b", theme: "dark" });
    expect(await openDocument(domain, { ...at("diaries", data), only: ["bio"] })).toEqual({ bio: "b" });
  });
});

test("L4 fields stay closed unless they are asked for by name, and ask for no key", async () => {
  const domain = testDomain();
  const data = await seal(domain, "people", { scan: "iris", bio: "b" });
  const other = testDomain(domain.ground);
  expect(await openDocument(other, at("people", data))).toEqual({ bio: "b" });
  expect(await openDocument(other, { ...at("people", data), only: ["scan"] })).toEqual({ scan: "iris" });
});

const flip = (bytes: Buffer, bit: number): Buffer => {
  const altered = Buffer.from(bytes);
  altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return altered;
};
