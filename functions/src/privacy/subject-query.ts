import type { Collection } from "../kernel/data-map/map.js";
import { matchPath, segmentsOf, variableOf } from "../kernel/data-map/paths.js";

/** How to reach a person's documents in a collection. What it reaches is checked one by one with `isAbout`. */
export type Finder =
  | { readonly by: "document"; readonly path: string }
  | { readonly by: "collection"; readonly path: string; readonly where?: Where }
  /** `below`: the documents under this one come first from here on, and then no more of theirs. */
  | { readonly by: "group"; readonly group: string; readonly where?: Where; readonly below?: string };

export interface Where {
  readonly field: string;
  readonly is: "==" | "array-contains";
  readonly value: string;
}

/** Undefined where the map says that a collection is about nobody. Throws TypeError for an id that is no path segment. */
export const finderOf = (collection: Collection, uid: string): Finder | undefined => {
  const { subject, path } = collection;
  if (uid === "" || uid.includes("/") || uid === "." || uid === "..")
    throw new TypeError("an account id is one path segment");
  const segments = segmentsOf(path);
  if (subject.by === "none") return undefined;
  if (subject.by === "path") return finderByPath(collection, segments, subject.variable, uid);
  const where = { field: subject.field, is: subject.by === "array" ? "array-contains" : "==", value: uid } as const;
  return segments.length === 2
    ? { by: "collection", path: segments[0] ?? "", where }
    : { by: "group", group: collection.group, where };
};

const finderByPath = ({ group }: Collection, segments: readonly string[], variable: string, uid: string): Finder => {
  const at = segments.findIndex((segment) => variableOf(segment) === variable);
  const isVariable = (segment: string): boolean => variableOf(segment) !== undefined;
  // Someone's document id below other documents: nothing but looking through the group finds it.
  if (segments.slice(0, at).some(isVariable)) return { by: "group", group };
  const own = [...segments.slice(0, at), uid].join("/");
  const below = segments.slice(at + 1);
  if (below.length === 0) return { by: "document", path: own };
  if (below.slice(0, -1).some(isVariable)) return { by: "group", group, below: own };
  return { by: "collection", path: [own, ...below.slice(0, -1)].join("/") };
};

/** Whether a document is about exactly this person, by its path and its fields. */
export const isAbout = (
  { path: template, subject }: Collection,
  uid: string,
  { path, data }: { readonly path: string; readonly data: Readonly<Record<string, unknown>> },
): boolean => {
  const variables = matchPath(template, path);
  if (variables === undefined || subject.by === "none") return false;
  if (subject.by === "path") return variables[subject.variable] === uid;
  const value = data[subject.field];
  return subject.by === "array" ? Array.isArray(value) && value.includes(uid) : value === uid;
};

/**
 * The prefix under which a folder's objects of one person lie, always ending in `/`, so that `photos/1/` never reaches
 * `photos/10/`. When it is not theirs alone, `ownsObject` tells their objects apart.
 */
export const folderPrefix = (folder: string, variable: string, uid: string): string => {
  const segments = segmentsOf(folder);
  const at = segments.findIndex((segment) => variableOf(segment) !== undefined);
  const first = segments[at];
  const own =
    first !== undefined && variableOf(first) === variable ? [...segments.slice(0, at), uid] : segments.slice(0, at);
  const rest = first !== undefined && variableOf(first) === variable ? segments.slice(at + 1) : [];
  const fixed = rest.findIndex((segment) => variableOf(segment) !== undefined);
  return [...own, ...(fixed < 0 ? rest : rest.slice(0, fixed)), ""].join("/");
};

export const ownsObject = (folder: string, variable: string, uid: string, name: string): boolean =>
  matchPath(folder, name)?.[variable] === uid;
