import type { Keep } from "../kernel/data-map/declaration.js";
import type { Collection } from "../kernel/data-map/map.js";

/** What an erasure does to one document. */
export type Change =
  | { readonly do: "nothing" }
  | { readonly do: "delete" }
  /** Paths of fields, in segments: `["name"]`, `["_e", "iban"]`. */
  | { readonly do: "reduce"; readonly remove: readonly (readonly string[])[] }
  | { readonly do: "unlink"; readonly field: string; readonly uid: string };

export const isKeep = (erase: unknown): erase is Keep => typeof erase === "object" && erase !== null;

/**
 * Decides by the data map alone. Doing it again to what is left decides for nothing: that is what the residual scan asks.
 * `archive` counts as delete here, since an archive would not be an erasure.
 */
export const eraseDocument = (collection: Collection, uid: string, data: Readonly<Record<string, unknown>>): Change => {
  const { subject, erase } = collection;
  if (subject.by === "array") return eraseMember(collection, subject.field, uid, data);
  if (!isKeep(erase) && erase !== "anonymise") return { do: "delete" };
  const isGone = isKeep(erase) ? isUnkept : isTelling;
  const remove = Object.keys(data).filter((name) => OWN.has(name) || isGone(collection, name));
  return remove.length === 0 ? { do: "nothing" } : { do: "reduce", remove: remove.map((name) => [name]) };
};

// Tokens die with the person's keys, so that nothing encrypted can be kept; what finds them, and names their keys, goes along.
const OWN = new Set(["_e", "_b", "_ek", "_bk"]);

/** In a collection that is kept: what its own declaration says not to keep. */
const isUnkept = ({ fields }: Collection, name: string): boolean => {
  const erase = fields[name]?.erase;
  return erase !== undefined && !isKeep(erase);
};

/** In a collection that is anonymised: who it is about, what tells of them, and what nobody has declared. */
const isTelling = ({ fields, subject }: Collection, name: string): boolean => {
  const field = fields[name];
  if (isKeep(field?.erase)) return false;
  return field?.class !== "GREEN" || field.erase !== undefined || (subject.by === "field" && subject.field === name);
};

/** What others share stays theirs: only the person leaves it. A document that is left to nobody goes, if the map says delete. */
const eraseMember = (
  { erase }: Collection,
  field: string,
  uid: string,
  data: Readonly<Record<string, unknown>>,
): Change => {
  const members = data[field];
  if (isKeep(erase) || !Array.isArray(members) || !members.includes(uid)) return { do: "nothing" };
  const isLast = members.every((member) => member === uid);
  return isLast && erase !== "anonymise" ? { do: "delete" } : { do: "unlink", field, uid };
};
