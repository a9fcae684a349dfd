import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkDataMap } from "./check.js";
import { defineDataMap } from "./define.js";
import { PLANTED, type Planted } from "./faults.fixture.js";
import { soundCollection, soundFolder, soundMap, soundOwn } from "./sample.fixture.js";

test("a sound map has no fault", () => {
  expect(checkDataMap(soundMap, soundOwn)).toEqual([]);
});

test("fields get their defaults: RED and AMBER are tokens, GREEN and sealed are plain", () => {
  const map = defineDataMap(soundMap, soundOwn);
  const people = map.collection("people");
  expect(people).toMatchObject({ name: "people", group: "people", variables: ["uid"], owner: "app" });
  expect(people.encrypted.map(({ name }) => name)).toEqual(["email"]);
  expect(people.fields["seenAt"]).toMatchObject({ name: "seenAt", stored: "plain" });
  expect(map.collection("vaultKeys")).toMatchObject({
    owner: "firekeep",
    encrypted: [],
    fields: { wrapped: { stored: "plain" } },
  });
  expect(() => map.collection("nobodys")).toThrow('The data map has no collection "nobodys"');
});

test.each(PLANTED)("finds $says", (planted) => {
  const { map, at } = plant([planted]);
  expect(checkDataMap(map, soundOwn)).toContainEqual({
    path: at[0],
    says: expect.stringMatching(planted.expected) as unknown,
  });
});

test("a map with every fault is refused once, with all of them", () => {
  const { map, at } = plant(PLANTED.filter((planted) => planted.map === undefined));
  const refusal = refusalOf(() => defineDataMap(map as never, soundOwn));
  for (const path of at) expect(refusal).toContain(`\n  ${path}: `);
  expect(refusal).toMatch(/^The data map has \d\d+ faults and was not loaded:\n/);
  expect(refusal).toContain(".fields.planted: RED must be stored as token");
});

test("whatever faults come together, each is in the list", () => {
  const several = fc.shuffledSubarray(
    PLANTED.filter((planted) => planted.map === undefined),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(several, (planted) => {
      const { map, at } = plant(planted);
      const faults = checkDataMap(map, soundOwn);
      for (const [index, { expected }] of planted.entries()) {
        expect(faults).toContainEqual({ path: at[index], says: expect.stringMatching(expected) as unknown });
      }
    }),
    { numRuns: 50 },
  );
});

test("whatever is handed in, the check answers with faults and does not fail itself", () => {
  const values = fc.anything({ withNullPrototype: true });
  const collections = fc.dictionary(
    fc.string(),
    fc.record({ path: values, subject: values, fields: values, access: values, erase: values }),
  );
  fc.assert(fc.property(values, (anything) => checkDataMap(anything, soundOwn).length > 0));
  fc.assert(
    fc.property(collections, (wild) => Array.isArray(checkDataMap({ ...soundMap, collections: wild }, soundOwn))),
  );
});

test("names that the app and Firekeep both use are faults of the app", () => {
  const map = { ...soundMap, collections: { limits: soundCollection } };
  expect(checkDataMap(map, soundOwn)).toEqual([
    { path: "collections.limits", says: expect.stringContaining("limits") as unknown },
  ]);
});

test("a fault in Firekeep's own part is found as well", () => {
  const own = { ...soundOwn, collections: { ...soundOwn.collections, broken: { ...soundCollection, path: "broken" } } };
  expect(checkDataMap(soundMap, own).map(({ path }) => path)).toContain("own.collections.broken.path");
});

/** The sound map with faults planted, each in a collection or folder of its own, and the path where each must be found. */
const plant = (planted: readonly Planted[]): { map: object; at: string[] } => {
  const collections: Record<string, unknown> = { ...soundMap.collections };
  const folders: Record<string, unknown> = { ...soundMap.folders };
  let map: Record<string, unknown> = { ...soundMap, collections, folders };
  const at = planted.map((fault, index) => {
    const name = `planted${String(index)}`;
    const where = fault.folder === undefined ? `collections.${name}` : `folders.${name}`;
    if (fault.folder !== undefined) folders[name] = { ...soundFolder, folder: `${name}/{uid}/`, ...fault.folder };
    else if (fault.map === undefined) collections[name] = plantedCollection(name, fault);
    else map = { ...map, ...fault.map };
    return fault.map === undefined ? fault.at.replace("@", where) : fault.at.replace("@", "collections.planted");
  });
  return { map, at };
};

const plantedCollection = (name: string, { collection, field }: Planted): object => {
  const fields = field === undefined ? soundCollection.fields : { ...soundCollection.fields, planted: field };
  return { ...soundCollection, path: `${name}/{uid}`, fields, ...collection };
};

const refusalOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};
