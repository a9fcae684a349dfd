import type { DocumentData, FieldPath } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { DocumentChange } from "./document-store.js";

const MAPS = ["_e", "_b"];

export type Update = [FieldPath, unknown];

/**
 * A change as Firestore's `update` takes it: one entry a field, so that it touches nothing else. `_e` and `_b` go by their
 * entries, unless the change has all of them.
 */
export const updatesOf = ({ set, remove, whole = false }: DocumentChange): [Update, ...Update[]] => {
  const { FieldPath: Path, FieldValue: Value } = adminFirestoreSdk();
  const updates: Update[] = [];
  for (const [name, value] of Object.entries(set)) {
    if (whole || !MAPS.includes(name)) updates.push([new Path(name), value]);
    else
      for (const [field, bytes] of Object.entries(value as DocumentData)) updates.push([new Path(name, field), bytes]);
  }
  for (const name of remove) {
    const maps = whole ? [] : MAPS.map((map) => new Path(map, name));
    for (const path of [new Path(name), ...maps]) updates.push([path, Value.delete()]);
  }
  const [first, ...rest] = updates;
  if (first === undefined) throw new TypeError("a write changes at least one field");
  return [first, ...rest];
};
