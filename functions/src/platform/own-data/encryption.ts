import type { CollectionDeclaration } from "../../kernel/data-map/declaration.js";
import { sealed, securityProcessing, technical } from "./columns.js";

export const encryptionCollections = {
  dataKeys: {
    ...securityProcessing,
    database: "keys",
    path: "dataKeys/{uid}",
    description: "A person's data keys, wrapped by KMS",
    subject: { by: "path", variable: "uid" },
    purpose: "Encrypt a person's data under keys of their own, so that destroying the keys erases it everywhere",
    retention: { days: "indefinite", then: "delete" },
    erase: "delete",
    // By class: version to `{ wrapped, createdAt }`.
    fields: { RED: sealed("map"), AMBER: sealed("map") },
  },
  indexRoots: {
    ...securityProcessing,
    database: "keys",
    path: "indexRoots/{name}",
    description: "Roots of blind-index and hash keys, wrapped by KMS",
    subject: { by: "none" },
    purpose: "Find encrypted values by equality",
    retention: { days: "indefinite", then: "delete" },
    erase: "delete",
    fields: { wrapped: sealed("bytes"), createdAt: technical("number") },
  },
} as const satisfies Record<string, CollectionDeclaration>;
