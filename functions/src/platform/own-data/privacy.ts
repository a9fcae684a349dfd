import { config } from "../../config.js";
import type { CollectionDeclaration, FolderDeclaration } from "../../kernel/data-map/declaration.js";
import { DAY } from "../../kernel/time.js";
import { given, observed, securityProcessing, technical } from "./columns.js";

export const privacyCollections = {
  privacyRequests: {
    ...securityProcessing,
    path: "privacyRequests/{id}",
    description: "Requests of data subjects and what came of them",
    subject: { by: "field", field: "uid" },
    purpose: "Answer data subjects in time, and prove it (GDPR Art. 12)",
    legalBasis: "legal-obligation",
    retention: { days: 3 * 365, from: "at", then: "delete" },
    erase: {
      keep: "legal-claims",
      because: "Proof that the request was answered in time (GDPR Art. 5(2), 12(3))",
      days: 3 * 365,
    },
    fields: {
      uid: observed("string"),
      kind: given("string"),
      at: technical("number"),
      status: technical("string"),
      object: technical("string"),
      expiresAt: technical("number"),
      receipt: technical("string"),
      finishedAt: technical("number"),
    },
  },
  privacyReceipts: {
    ...securityProcessing,
    path: "privacyReceipts/{id}",
    description: "Signed statements of finished erasures, under a pseudonym that nobody can resolve",
    subject: { by: "none" },
    purpose: "Prove erasures (GDPR Art. 5(2))",
    legalBasis: "legal-obligation",
    retention: { days: 3 * 365, from: "at", then: "delete" },
    erase: { keep: "legal-obligation", because: "Proof that the erasure was done (GDPR Art. 5(2))", days: 3 * 365 },
    fields: { at: technical("number"), status: technical("string"), signed: technical("map") },
  },
  privacyJobs: {
    ...securityProcessing,
    path: "privacyJobs/{id}",
    description: "Where a running export or erasure stands",
    subject: { by: "field", field: "uid" },
    purpose: "Finish long requests in slices",
    legalBasis: "legal-obligation",
    retention: { days: 30, from: "at", then: "delete" },
    erase: "delete",
    fields: {
      uid: observed("string"),
      kind: technical("string"),
      at: technical("number"),
      status: technical("string"),
      step: technical("number"),
      cursor: observed("string"),
      counts: technical("map"),
      plan: technical("string"),
      planHash: technical("string"),
      indexes: observed("array"),
      request: technical("string"),
      receipt: technical("string"),
      part: technical("number"),
      round: technical("number"),
      faults: technical("array"),
    },
  },
} as const satisfies Record<string, CollectionDeclaration>;

export const privacyFolders = {
  exports: {
    ...securityProcessing,
    folder: "exports/{uid}/",
    description: "Exports that people asked for, until they are collected",
    class: "RED",
    subject: { by: "path", variable: "uid" },
    purpose: "Hand people their data (GDPR Art. 15, 20)",
    legalBasis: "legal-obligation",
    retention: { days: config.privacy.exportKeepMs / DAY, then: "delete" },
    erase: "delete",
    maxBytes: 1_000_000_000,
    contentTypes: ["application/json"],
  },
} as const satisfies Record<string, FolderDeclaration>;
