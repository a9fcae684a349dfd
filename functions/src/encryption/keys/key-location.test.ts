import { expect, test } from "@jest/globals";
import { settleDataMap, type Whereabouts } from "../../kernel/data-map/residency.js";
import type { DataMap } from "../../kernel/data-map/map.js";
import { testDataMap, testDomain } from "../encryption.fixture.js";
import { openDocument } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";
import { classesOf } from "./subject-keys.js";

/** The test map with its notes restricted to the EU; they have look-ups. */
const restricted = (): DataMap => {
  const map = testDataMap();
  const collections = map.collections.map((one) => (one.name === "days" ? one : { ...one, regions: ["EU"] }));
  return { ...map, collections };
};

const inEurope: Whereabouts = {
  keys: ["europe-west1", "us-east1"],
  functions: "europe-west1",
  firestore: "eur3",
  bucket: "eu",
};
const plain = {
  ...restricted(),
  collections: restricted().collections.map(({ fields, ...one }) => {
    const kept = Object.values(fields).filter(({ lookup }) => lookup === undefined);
    return { ...one, fields: Object.fromEntries(kept.map((field) => [field.name, field])), encrypted: kept };
  }),
};
const request = { collection: "people", path: "people/u1", subject: "u1" } as const;
const values = { secret: "x", bio: "y" };

test("a restricted collection's keys are at home where home lies inside", async () => {
  const domain = testDomain({ dataMap: () => settleDataMap(restricted(), inEurope) });
  await sealDocument(domain, { ...request, values });
  expect(classesOf(await domain.ground.store.find("u1")).sort()).toEqual(["AMBER", "RED"]);
});

test("else they are in the first location that does, under keys of their own, and open again", async () => {
  const where: Whereabouts = { ...inEurope, keys: ["us-east1", "europe-west3", "europe-west1"] };
  const domain = testDomain({ dataMap: () => settleDataMap(plain, where) });
  const data = await sealDocument(domain, { ...request, values });
  const classes = classesOf(await domain.ground.store.find("u1")).sort();
  expect(classes).toEqual(["AMBER@europe-west3", "RED@europe-west3"]);
  expect(await openDocument(testDomain({ ...domain.ground }), { ...request, data })).toEqual(values);
});

test.each([
  ["keys", { keys: ["us-east1"] }],
  ["database", { firestore: "nam5" }],
  ["functions", { functions: "us-central1" }],
  ["bucket", { bucket: "us" }],
] as const)(
  "with its %s in a wrong place nothing is sealed or opened: a typed error, no key, no call",
  async (_, wrong) => {
    const domain = testDomain({ dataMap: () => settleDataMap(restricted(), { ...inEurope, ...wrong }) });
    const refused = { code: "config/region-refused", status: "internal" };
    await expect(sealDocument(domain, { ...request, values })).rejects.toMatchObject(refused);
    await expect(openDocument(domain, { ...request, data: {} })).rejects.toMatchObject(refused);
    expect([await domain.ground.store.find("u1"), domain.kmsState.calls]).toEqual([undefined, 0]);
  },
);
