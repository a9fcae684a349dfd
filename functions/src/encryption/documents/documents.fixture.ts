import type { Firestore } from "firebase-admin/firestore";
import type { DataMapDeclaration } from "../../kernel/data-map/declaration.js";
import { defineDataMap } from "../../kernel/data-map/define.js";
import { lazy } from "../../kernel/lazy.js";
import { watchTransactions } from "../../platform/transactions.js";
import { testDomain } from "../encryption.fixture.js";
import type { Ground } from "../wire.js";
import { encryptedCollection } from "./encrypted-collection.firestore.js";

const facts = {
  description: "Test data",
  purpose: "Test the library",
  legalBasis: "contract",
  retention: { days: 30, from: "since", then: "delete" },
  recipients: ["none"],
  erase: "delete",
  access: { read: "subject", write: "nobody" },
} as const;

const since = { class: "GREEN", type: "timestamp", origin: "observed" } as const;

export const members = {
  ...facts,
  path: "members/{uid}",
  subject: { by: "path", variable: "uid" },
  fields: {
    email: { class: "RED", type: "string", origin: "given", lookup: "email" },
    number: { class: "AMBER", type: "number", origin: "given", lookup: "exact" },
    secret: { class: "RED", type: "string", origin: "given" },
    bio: { class: "AMBER", type: "string", origin: "given" },
    height: { class: "AMBER", type: "number", origin: "given" },
    active: { class: "AMBER", type: "boolean", origin: "given" },
    born: { class: "AMBER", type: "timestamp", origin: "given" },
    home: { class: "AMBER", type: "geopoint", origin: "given" },
    friend: { class: "AMBER", type: "reference", origin: "given" },
    blob: { class: "AMBER", type: "bytes", origin: "given" },
    prefs: { class: "AMBER", type: "map", origin: "given" },
    tags: { class: "RED", type: "array", origin: "given" },
    city: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
    visits: { class: "GREEN", type: "number", origin: "observed" },
    settings: { class: "GREEN", type: "map", origin: "given" },
    since,
  },
} as const;

export const declaration = {
  app: "test",
  controller: { name: "Test", contact: "privacy@test.example" },
  authRecord: { purpose: "Sign people in", legalBasis: "contract" },
  folders: {},
  collections: {
    members,
    notes: {
      ...facts,
      path: "rooms/{room}/notes/{note}",
      subject: { by: "field", field: "owner" },
      fields: {
        owner: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
        text: { class: "RED", type: "string", origin: "given", lookup: "case-insensitive" },
        at: { class: "GREEN", type: "number", origin: "observed" },
        since,
      },
    },
    diaries: {
      ...facts,
      path: "diaries/{uid}",
      tokens: "document",
      subject: { by: "path", variable: "uid" },
      fields: {
        monday: { class: "RED", type: "string", origin: "given" },
        tuesday: { class: "AMBER", type: "string", origin: "given" },
        mood: { class: "GREEN", type: "string", origin: "given" },
        since,
      },
    },
  },
} as const satisfies DataMapDeclaration;

export type Members = typeof members;
export type Notes = (typeof declaration)["collections"]["notes"];
export type Diaries = (typeof declaration)["collections"]["diaries"];

const dataMap = lazy(() => defineDataMap(declaration, { collections: {}, folders: {} }));

/** The library over a memory KMS, and whatever Firestore is given. */
export const libraryDomain = (firestore: Firestore, ground: Partial<Ground> = {}) => {
  watchTransactions(firestore);
  const domain = { ...testDomain({ dataMap, ...ground }), firestore: () => firestore };
  return {
    domain,
    members: encryptedCollection<Members>(() => domain, "members"),
    notes: encryptedCollection<Notes>(() => domain, "notes"),
    diaries: encryptedCollection<Diaries>(() => domain, "diaries"),
  };
};
