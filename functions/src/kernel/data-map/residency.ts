import { DomainError } from "../errors.js";
import { dataMapError, type Fault, type Tell } from "./fault.js";
import type { Collection, DataMap, Folder } from "./map.js";
import { countriesOf, liesWithin } from "./places.js";

/** Where a project keeps what it keeps, by Google Cloud's names. */
export interface Whereabouts {
  /** Of the KMS key rings, home first. */
  readonly keys: readonly [home: string, ...others: string[]];
  readonly functions: string;
  /** Of both databases. */
  readonly firestore: string | undefined;
  readonly bucket: string | undefined;
}

/** The map in its places (see `placeDataMap`). @throws config/region-refused, its cause with all faults */
export const settleDataMap = (map: DataMap, where: Whereabouts): DataMap => {
  const placed = placeDataMap(map, where);
  if (placed.faults.length === 0) return placed.map;
  throw new DomainError({
    code: "config/region-refused",
    status: "internal",
    message: "The server is not configured.",
    cause: dataMapError(placed.faults),
  });
};

/**
 * The map with the KMS location of every collection that is restricted (`regions`) and cannot have its keys at home; or all
 * faults: nothing of a restricted collection or folder may be kept, encrypted or worked on outside its regions.
 */
export const placeDataMap = (map: DataMap, where: Whereabouts): { map: DataMap; faults: readonly Fault[] } => {
  const faults: Fault[] = [];
  const tell: Tell = (path, says) => void faults.push({ path, says });
  const collections = map.collections.map((collection) => placeCollection(collection, where, tell));
  for (const folder of map.folders) checkFolder(folder, where, tell);
  const byName = new Map(collections.map((collection) => [collection.name, collection]));
  return {
    map: { ...map, collections, collection: (name) => byName.get(name) ?? map.collection(name) },
    faults,
  };
};

const placeCollection = (collection: Collection, where: Whereabouts, tell: Tell): Collection => {
  const { regions, encrypted, name } = collection;
  if (regions === undefined) return collection;
  const at = `collections.${name}.regions`;
  // Exports lie in the bucket for a while.
  for (const thing of [firestoreOf(where), functionsOf(where), bucketOf(where)])
    checkPlace({ at, regions, ...thing }, tell);
  if (encrypted.length === 0) return collection;
  const [home] = where.keys;
  const found = where.keys.find((location) => liesWithin(location, regions));
  const said = regions.join(", ");
  if (found === undefined) tell(at, `none of the key locations ${where.keys.join(", ")} lies in ${said}`);
  else if (encrypted.some(({ lookup }) => lookup !== undefined) && !liesWithin(home, regions))
    tell(at, `look-ups use the index key at home, ${say(home)}: not in ${said}; leave lookup out, or move home`);
  return found === undefined || found === home ? collection : { ...collection, keyLocation: found };
};

const checkFolder = ({ regions, name, stored }: Folder, where: Whereabouts, tell: Tell): void => {
  if (regions === undefined) return;
  // The keys of encrypted files lie with Firekeep's own collections: at home.
  const home: Thing = { what: "the home of the keys", location: where.keys[0] };
  const things =
    stored === "token" ? [bucketOf(where), firestoreOf(where), functionsOf(where), home] : [bucketOf(where)];
  for (const thing of things) checkPlace({ at: `folders.${name}.regions`, regions, ...thing }, tell);
};

interface Thing {
  readonly what: string;
  readonly location: string | undefined;
  /** Says where it is. */
  readonly variable?: string;
}

const functionsOf = ({ functions }: Whereabouts): Thing => ({ what: "the functions' region", location: functions });

const firestoreOf = ({ firestore }: Whereabouts): Thing => ({
  what: "the Firestore database",
  location: firestore,
  variable: "FIREKEEP_FIRESTORE_LOCATION",
});

const bucketOf = ({ bucket }: Whereabouts): Thing => ({
  what: "the bucket",
  location: bucket,
  variable: "FIREKEEP_BUCKET_LOCATION",
});

const checkPlace = (
  { at, regions, what, location, variable }: Thing & { at: string; regions: readonly string[] },
  tell: Tell,
): void => {
  if (location === undefined) tell(at, `nobody says where ${what} is; set ${variable ?? ""}`);
  else if (!liesWithin(location, regions)) tell(at, `${what} is in ${say(location)}: not in ${regions.join(", ")}`);
};

const say = (location: string): string => {
  const countries = countriesOf(location);
  return `${location} (${countries.length === 0 ? "a location that is not known" : countries.join(", ")})`;
};
