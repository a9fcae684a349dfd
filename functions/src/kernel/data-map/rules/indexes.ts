import type { Collection, DataMap } from "../map.js";

/**
 * `firestore.indexes.json`, or for the database of keys `firestore.keys.indexes.json`: composite indexes that the map declares, no index on what is encrypted or sealed,
 * collection-group indexes for what erasure looks for across parents, and TTL where documents name their own end.
 */
export const firestoreIndexes = (map: DataMap, of?: Collection["database"]): string => {
  const collections = map.collections.filter(({ database }) => database === of);
  const indexes = collections.flatMap(compositeIndexes);
  const fieldOverrides = collections.flatMap((collection) => [
    ...unindexed(collection),
    ...endings(collection),
    ...acrossParents(collection),
  ]);
  return `${JSON.stringify({ indexes, fieldOverrides }, null, 2)}\n`;
};

const compositeIndexes = ({ group, indexes }: Collection): object[] =>
  (indexes ?? []).map((columns) => ({
    collectionGroup: group,
    queryScope: "COLLECTION",
    fields: columns.map((column) => ({
      fieldPath: column.replace(/ desc$/, ""),
      order: column.endsWith(" desc") ? "DESCENDING" : "ASCENDING",
    })),
  }));

// An index over ciphertext answers no question, costs a write and keeps a copy.
const unindexed = ({ group, encrypted, fields }: Collection): object[] => {
  const sealed = Object.values(fields).filter((field) => field.sealed === true);
  const names = [...(encrypted.length > 0 ? ["_e"] : []), ...sealed.map(({ name }) => name)];
  return names.map((fieldPath) => ({ collectionGroup: group, fieldPath, indexes: [] }));
};

// A timestamp called `expireAt` is the end itself: Firestore deletes the document soon after it, and needs no index for that.
const endings = ({ group, fields }: Collection): object[] =>
  fields["expireAt"]?.type === "timestamp"
    ? [{ collectionGroup: group, fieldPath: "expireAt", ttl: true, indexes: [] }]
    : [];

// Automatic indexes reach over one collection only. An override replaces them, so they are said again.
const acrossParents = ({ group, variables, subject, encrypted }: Collection): object[] => {
  if (variables.length < 2) return [];
  const lookups = encrypted.filter(({ lookup }) => lookup !== undefined).map(({ name }) => `_b.${name}`);
  const subjects = subject.by === "field" || subject.by === "array" ? [subject.field] : [];
  // What the rotation of keys looks for.
  const marks = [...(encrypted.length > 0 ? ["_ek"] : []), ...(lookups.length > 0 ? ["_bk"] : [])];
  return [...subjects, ...lookups, ...marks].map((fieldPath) => ({
    collectionGroup: group,
    fieldPath,
    indexes: [
      { order: "ASCENDING", queryScope: "COLLECTION" },
      { order: "DESCENDING", queryScope: "COLLECTION" },
      { arrayConfig: "CONTAINS", queryScope: "COLLECTION" },
      subject.by === "array" && fieldPath === subject.field
        ? { arrayConfig: "CONTAINS", queryScope: "COLLECTION_GROUP" }
        : { order: "ASCENDING", queryScope: "COLLECTION_GROUP" },
    ],
  }));
};
