import type { CollectionDeclaration, DataMapDeclaration, FolderDeclaration } from "./declaration.js";
import type { OwnData } from "./define.js";

/** A small map without a fault, for tests that then break it. */
export const soundCollection: CollectionDeclaration = {
  path: "people/{uid}",
  description: "People",
  subject: { by: "path", variable: "uid" },
  purpose: "Run the account",
  legalBasis: "contract",
  retention: { days: 365, from: "seenAt", then: "delete" },
  recipients: ["none"],
  regions: ["EU"],
  erase: "delete",
  access: { read: "subject", write: "nobody" },
  fields: {
    email: { class: "RED", type: "string", origin: "given", lookup: "email" },
    name: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
    seenAt: { class: "GREEN", type: "timestamp", origin: "observed" },
  },
};

export const soundFolder: FolderDeclaration = {
  folder: "photos/{uid}/",
  description: "Photos",
  class: "AMBER",
  subject: { by: "path", variable: "uid" },
  purpose: "Show people",
  legalBasis: "contract",
  retention: { days: "indefinite", then: "delete" },
  recipients: ["none"],
  erase: "delete",
  access: { read: "signed-in", write: "subject" },
  maxBytes: 1_000,
  contentTypes: ["image/*"],
};

export const soundMap: DataMapDeclaration = {
  app: "sample",
  controller: { name: "Sample Ltd", contact: "privacy@sample.example" },
  authRecord: { purpose: "Sign people in", legalBasis: "contract" },
  collections: { people: soundCollection },
  folders: { photos: soundFolder },
};

export const soundOwn: OwnData = {
  collections: {
    vaultKeys: {
      ...soundCollection,
      database: "keys",
      path: "vaultKeys/{uid}",
      access: { read: "nobody", write: "nobody" },
      retention: { days: "indefinite", then: "delete" },
      fields: { wrapped: { class: "RED", type: "bytes", origin: "observed", sealed: true } },
    },
    limits: {
      ...soundCollection,
      path: "limits/{key}",
      subject: { by: "none" },
      access: { read: "nobody", write: "nobody" },
      retention: { days: 1, from: "expireAt", then: "delete" },
      fields: { expireAt: { class: "GREEN", type: "timestamp", origin: "observed" } },
    },
  },
  folders: {},
};
