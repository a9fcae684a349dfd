import { pseudonymOf, stage, type Access, type StagedEvent } from "../../audit/index.js";
import type { SecurityEvent } from "../../kernel/event.js";
import { lazy } from "../../kernel/lazy.js";
import type { RandomBytes } from "../../kernel/random.js";
import type { Clock } from "../../kernel/time.js";
import { firestore } from "../../platform/app.js";
import { deps } from "../deps.js";
import type { DocumentStore } from "../documents/document-store.js";
import type { OpenDeps } from "../tokens/open-document.js";
import type { VaultStore } from "./vault-store.js";
import { firestoreVaultStore } from "./vault-store.firestore.js";

/** What the use cases of two-person access work with. */
export interface VaultDeps extends OpenDeps {
  readonly requests: VaultStore;
  readonly documents: Pick<DocumentStore, "read">;
  readonly stage: (event: SecurityEvent, access?: Access) => Promise<StagedEvent>;
  readonly pseudonymOf: (uid: string) => Promise<string>;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

export const vaultDeps = lazy((): VaultDeps => ({
  ...deps(),
  requests: firestoreVaultStore(firestore),
  stage,
  pseudonymOf,
}));
