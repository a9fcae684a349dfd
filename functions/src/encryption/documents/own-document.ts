import type { Collection, DataMap } from "../../kernel/data-map/map.js";
import { fillPath, type PathParams } from "../../kernel/data-map/paths.js";
import { planOf, type DocumentPlan } from "../tokens/document-plan.js";
import { encryptionError } from "../errors.js";

/** Where a client wants to go: a collection of the data map, and the values of its path's variables. */
export interface Place {
  readonly collection: string;
  readonly params: PathParams;
}

/**
 * The plan and path of a document that may be the caller's: an app's collection that subjects may read, where the path does
 * not already name somebody else. Where a field names the subject, `isOwn` decides once the document is there.
 *
 * @throws encryption/collection-unknown, -collection-closed, -path-wrong, -not-yours
 */
export const ownPlace = (map: DataMap, uid: string, place: Place): { plan: DocumentPlan; path: string } => {
  const plan = planOf(map, place.collection);
  const { collection } = plan;
  if (!isOpen(collection)) throw encryptionError("collection-closed");
  const path = pathOf(collection, place.params);
  const by = collection.subject;
  if (by.by === "path" && place.params[by.variable] !== uid) throw encryptionError("not-yours");
  return { plan, path };
};

/**
 * Firekeep's own collections, L4 ones, those that say `read: "nobody"`, and those that demand more of a session than these
 * functions ask for are closed to clients.
 */
export const isOpen = ({ owner, access, subject, database }: Collection): boolean =>
  owner === "app" &&
  database === undefined &&
  access.read !== "nobody" &&
  access.needs === undefined &&
  (subject.by === "path" || subject.by === "field");

/** Whether the stored document is about this account. */
export const isOwn = (
  { subject }: Collection,
  uid: string,
  { params, data }: { params: PathParams; data: Readonly<Record<string, unknown>> },
): boolean => {
  if (subject.by === "path") return params[subject.variable] === uid;
  return subject.by === "field" && data[subject.field] === uid;
};

const pathOf = (collection: Collection, params: PathParams): string => {
  if (Object.keys(params).length !== collection.variables.length) throw encryptionError("path-wrong");
  try {
    return fillPath(collection.path, params);
  } catch (cause) {
    throw encryptionError("path-wrong", { cause });
  }
};
