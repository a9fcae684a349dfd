import { describe, expect, test } from "@jest/globals";
import { DomainError } from "../errors.js";
import type { CollectionDeclaration, FolderDeclaration } from "./declaration.js";
import { defineDataMap } from "./define.js";
import { countriesOf, liesWithin } from "./places.js";
import { placeDataMap, settleDataMap, type Whereabouts } from "./residency.js";
import { soundCollection, soundFolder, soundMap } from "./sample.fixture.js";

const collectionAnywhere: CollectionDeclaration = { ...soundCollection };
delete (collectionAnywhere as { regions?: readonly string[] }).regions;

/** One collection and one folder, of which what is given is restricted to these regions. */
const mapWith = (
  regions: readonly string[],
  { collection, folder }: { collection?: Partial<CollectionDeclaration>; folder?: Partial<FolderDeclaration> } = {},
) =>
  defineDataMap(
    {
      ...soundMap,
      collections: { notes: { ...collectionAnywhere, ...(collection !== undefined && { regions, ...collection }) } },
      folders: { photos: { ...soundFolder, ...(folder !== undefined && { regions, ...folder }) } },
    },
    { collections: {}, folders: {} },
  );

const secret = { class: "RED", type: "string", origin: "given" } as const;
const since = { class: "GREEN", type: "timestamp", origin: "observed" } as const;
const fields = { secret, since };
const retention = { days: 30, from: "since", then: "delete" } as const;
const belgium: Whereabouts = {
  keys: ["europe-west1"],
  functions: "europe-west1",
  firestore: "eur3",
  bucket: "europe-west1",
};
const faultsOf = (map: ReturnType<typeof mapWith>, where: Partial<Whereabouts>) =>
  placeDataMap(map, { ...belgium, ...where }).faults.map(({ path, says }) => `${path}: ${says}`);

describe("a location", () => {
  test.each([
    ["europe-west1", ["EU"], true],
    ["europe-west1", ["BE"], true],
    ["europe-west1", ["DE", "FR"], false],
    ["eur3", ["EU"], true],
    ["eur3", ["BE", "NL"], false], // its witness is in Finland
    ["eur3", ["BE", "NL", "FI"], true],
    ["europe", ["EU"], true],
    ["EU", ["EU"], true], // as Cloud Storage writes it
    ["europe", ["BE", "DE"], false],
    ["us", ["EU", "US"], true],
    ["nam5", ["US"], true],
  ] as const)("%s lies within %j: %s", (location, regions, expected) => {
    expect(liesWithin(location, regions)).toBe(expected);
  });

  test.each([
    ["europe-west2", "GB"],
    ["europe-west6", "CH"],
  ])("%s is in Europe and not in the EU: only who names %s may use it", (location, country) => {
    expect([liesWithin(location, ["EU"]), liesWithin(location, ["EU", country])]).toEqual([false, true]);
  });

  test.each(["global", "europe-west99", "", "toString", "eur5"])("%j, which is not known, lies nowhere", (location) => {
    expect([countriesOf(location), liesWithin(location, ["EU", "US", "GB"])]).toEqual([[], false]);
  });
});

describe("a restricted collection", () => {
  const restricted = (regions: readonly string[]) => mapWith(regions, { collection: { fields, retention } });

  test("keeps its keys at home when home lies inside, and elsewhere when only that does", () => {
    const keys = (regions: readonly string[], all: Whereabouts["keys"]) =>
      placeDataMap(restricted(regions), { ...belgium, keys: all }).map.collection("notes").keyLocation;
    expect(keys(["EU"], ["europe-west1", "europe-west3"])).toBe(undefined);
    expect(keys(["EU"], ["us-east1", "europe-west3"])).toBe("europe-west3");
    expect(placeDataMap(restricted(["EU"]), { ...belgium, keys: ["us-east1", "europe-west3"] }).faults).toEqual([]);
  });

  test("is refused with every place that lies outside, or that nobody knows, at once", () => {
    expect(
      faultsOf(restricted(["DE"]), { keys: ["europe-west1", "global"], bucket: undefined, functions: "europe-west3" }),
    ).toEqual([
      "collections.notes.regions: the Firestore database is in eur3 (BE, NL, FI): not in DE",
      "collections.notes.regions: nobody says where the bucket is; set FIREKEEP_BUCKET_LOCATION",
      "collections.notes.regions: none of the key locations europe-west1, global lies in DE",
    ]);
  });

  test("is refused when its look-ups would need an index key outside, though its data keys lie inside", () => {
    const map = mapWith(["EU"], {
      collection: { fields: { ...fields, secret: { ...secret, lookup: "exact" } }, retention },
    });
    expect(faultsOf(map, { keys: ["us-east1", "europe-west1"] })).toEqual([
      expect.stringMatching(/^collections.notes.regions: look-ups use the index key at home, us-east1 \(US\)/),
    ]);
    expect(faultsOf(map, {})).toEqual([]);
  });

  test("without encrypted fields needs no key inside", () => {
    const map = mapWith(["EU"], { collection: { fields: { since }, retention } });
    expect(faultsOf(map, { keys: ["us-east1"] })).toEqual([]);
  });
});

test("a restricted folder is refused with a bucket outside; an encrypted one also by functions, database and keys", () => {
  const outside = { keys: ["us-east1"], functions: "us-east1", firestore: "nam5", bucket: "US" } as const;
  expect(faultsOf(mapWith(["EU"], { folder: { stored: "plain", class: "AMBER" } }), outside)).toEqual([
    "folders.photos.regions: the bucket is in US (US): not in EU",
  ]);
  expect(
    faultsOf(mapWith(["EU"], { folder: { stored: "token", access: { read: "subject", write: "nobody" } } }), outside),
  ).toHaveLength(4);
});

test("what is not restricted may lie anywhere, and nobody has to say where", () => {
  const map = mapWith([]);
  expect(faultsOf(map, { keys: ["global"], functions: "us-east1", firestore: undefined, bucket: undefined })).toEqual(
    [],
  );
});

test("the deployed map refuses to load with a typed error; the faults are for the log, not for callers", () => {
  const load = () =>
    settleDataMap(mapWith(["EU"], { collection: { fields, retention } }), { ...belgium, keys: ["us-east1"] });
  const error = ((): unknown => {
    try {
      return load();
    } catch (refusal) {
      return refusal;
    }
  })();
  if (!(error instanceof DomainError)) throw new Error("not refused");
  expect([error.code, error.message]).toEqual(["config/region-refused", "The server is not configured."]);
  expect(String(error.cause)).toContain("none of the key locations us-east1 lies in EU");
});
