import type { DataMap } from "../map.js";
import { firestoreRules } from "./firestore-rules.js";
import { firestoreIndexes } from "./indexes.js";
import { storageRules } from "./storage-rules.js";

/** What the rules need to know besides the map. */
export interface RulesContext {
  /** Permissions by role. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Names of Firekeep's own collections by domain: one section each. */
  readonly domains: Readonly<Record<string, readonly string[]>>;
}

/**
 * The rules and indexes that a data map asks for, as the texts of `firestore.rules`, `storage.rules` and
 * `firestore.indexes.json`. Pure: the same map makes the same bytes.
 */
export const rulesFor = (
  map: DataMap,
  context: RulesContext,
): { firestore: string; storage: string; indexes: string } => ({
  firestore: firestoreRules(map, context),
  storage: storageRules(map, context),
  indexes: firestoreIndexes(map),
});
