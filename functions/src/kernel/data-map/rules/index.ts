import type { DataMap } from "../map.js";
import { firestoreRules } from "./firestore-rules.js";
import { firestoreIndexes } from "./indexes.js";
import { checkOwnRules, type OwnRules } from "./own-rules.js";
import { storageRules } from "./storage-rules.js";

/** What the rules need to know besides the map. */
export interface RulesContext {
  /** Permissions by role. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** How long a step-up opens its scope, and the scopes that one for `any` does not open. */
  readonly stepUp: { readonly ms: number; readonly exactScopes: readonly string[] };
  /** Names of Firekeep's own collections by domain: one section each. */
  readonly domains: Readonly<Record<string, readonly string[]>>;
  /** Rules that the team writes itself, put behind what the map asks for. */
  readonly own?: OwnRules;
}

/**
 * The rules and indexes that a data map asks for, as the texts of `firestore.rules`, `storage.rules`, `firestore.indexes.json`
 * and `firestore.keys.indexes.json`. Pure: the same map makes the same bytes. Throws all faults of the team's own rules at once.
 */
export const rulesFor = (
  map: DataMap,
  context: RulesContext,
): { firestore: string; storage: string; indexes: string; keysIndexes: string } => {
  checkOwnRules(map, context.own);
  return {
    firestore: firestoreRules(map, context),
    storage: storageRules(map, context),
    indexes: firestoreIndexes(map),
    keysIndexes: firestoreIndexes(map, "keys"),
  };
};
