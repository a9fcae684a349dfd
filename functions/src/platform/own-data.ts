import type { CollectionDeclaration, FolderDeclaration } from "../kernel/data-map/declaration.js";
import { auditCollections } from "./own-data/audit.js";
import { detectionCollections } from "./own-data/detection.js";
import { encryptionCollections } from "./own-data/encryption.js";
import { identityCollections } from "./own-data/identity.js";
import { incidentCollections } from "./own-data/incidents.js";
import { privacyCollections, privacyFolders } from "./own-data/privacy.js";

/** Firekeep's own collections by domain, in the order of the rules' sections. */
const byDomain = {
  identity: identityCollections,
  encryption: encryptionCollections,
  detection: detectionCollections,
  privacy: privacyCollections,
  incidents: incidentCollections,
  audit: auditCollections,
} as const;

/** Declared as the operator declares theirs: exported, erased, retained and guarded the same way. */
export const ownCollections = {
  ...identityCollections,
  ...encryptionCollections,
  ...detectionCollections,
  ...privacyCollections,
  ...incidentCollections,
  ...auditCollections,
} as const satisfies Record<string, CollectionDeclaration>;

export const ownFolders = { ...privacyFolders } as const satisfies Record<string, FolderDeclaration>;

/** Names of the own collections of each domain. */
export const ownDomains: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(byDomain).map(([domain, collections]) => [domain, Object.keys(collections)]),
);
