import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Firestore } from "@google-cloud/firestore";
import type { Access } from "../audit/index.js";
import { config } from "../config.js";
import type { DataMapDeclaration } from "../kernel/data-map/declaration.js";
import { defineDataMap } from "../kernel/data-map/define.js";
import { lazy } from "../kernel/lazy.js";
import { encryptionCollections } from "../platform/own-data/encryption.js";
import { kmsError } from "../platform/kms-errors.js";
import type { Kms, KmsKey } from "../platform/kms-port.js";
import { memoryDataKeyStore } from "./keys/data-key-store.js";
import { memoryEpochStore } from "./keys/epoch-store.js";
import { memoryIndexRootStore } from "./indexes/index-root-store.js";
import { firestoreNativeTypes } from "./tokens/native-types.firestore.js";
import { wire, type Ground } from "./wire.js";

const collection = {
  description: "Test data",
  purpose: "Test the encryption",
  legalBasis: "contract",
  retention: { days: 30, from: "since", then: "delete" },
  recipients: ["none"],
  erase: "delete",
} as const;

const folder = {
  description: "Test files",
  subject: { by: "path", variable: "uid" },
  purpose: "Test the encryption of files",
  legalBasis: "contract",
  retention: { days: "indefinite", then: "delete" },
  recipients: ["none"],
  erase: "delete",
  maxBytes: 1_000_000,
  contentTypes: ["text/plain", "image/*"],
} as const;

const declaration = {
  app: "test",
  controller: { name: "Test", contact: "privacy@test.example" },
  authRecord: { purpose: "Sign people in", legalBasis: "contract" },
  folders: {
    letters: { ...folder, folder: "letters/{uid}/", class: "RED", access: { read: "subject", write: "subject" } },
    sketches: {
      ...folder,
      folder: "books/{book}/sketches/{uid}/",
      class: "AMBER",
      stored: "token",
      access: { read: "subject", write: "subject", needs: { write: { assurance: 2 } } },
      retention: { days: 30, then: "delete" },
    },
    proofs: { ...folder, folder: "proofs/{uid}/", class: "RED", access: { read: "nobody", write: "subject" } },
    statements: { ...folder, folder: "statements/{uid}/", class: "RED", access: { read: "subject", write: "nobody" } },
    faces: { ...folder, folder: "faces/{uid}/", class: "AMBER", access: { read: "signed-in", write: "subject" } },
  },
  collections: {
    people: {
      ...collection,
      path: "people/{uid}",
      subject: { by: "path", variable: "uid" },
      access: { read: "subject", write: "nobody" },
      fields: {
        email: { class: "RED", type: "string", origin: "given", lookup: "email" },
        secret: { class: "RED", type: "string", origin: "given" },
        other: { class: "RED", type: "string", origin: "given" },
        tags: { class: "RED", type: "array", origin: "given" },
        scan: { class: "RED", type: "string", origin: "given", hardware: true },
        bio: { class: "AMBER", type: "string", origin: "given" },
        height: { class: "AMBER", type: "number", origin: "given" },
        active: { class: "AMBER", type: "boolean", origin: "given" },
        born: { class: "AMBER", type: "timestamp", origin: "given" },
        home: { class: "AMBER", type: "geopoint", origin: "given" },
        friend: { class: "AMBER", type: "reference", origin: "given" },
        blob: { class: "AMBER", type: "bytes", origin: "given" },
        prefs: { class: "AMBER", type: "map", origin: "given" },
        theme: { class: "GREEN", type: "string", origin: "given" },
        score: { class: "AMBER", type: "number", origin: "inferred" },
        since: { class: "GREEN", type: "timestamp", origin: "observed" },
      },
    },
    diaries: {
      ...collection,
      tokens: "document",
      path: "diaries/{uid}",
      subject: { by: "path", variable: "uid" },
      access: { read: "subject", write: "nobody" },
      fields: {
        email: { class: "RED", type: "string", origin: "given", lookup: "email" },
        secret: { class: "RED", type: "string", origin: "given" },
        tags: { class: "RED", type: "array", origin: "given" },
        bio: { class: "AMBER", type: "string", origin: "given" },
        height: { class: "AMBER", type: "number", origin: "given" },
        active: { class: "AMBER", type: "boolean", origin: "given" },
        born: { class: "AMBER", type: "timestamp", origin: "given" },
        home: { class: "AMBER", type: "geopoint", origin: "given" },
        friend: { class: "AMBER", type: "reference", origin: "given" },
        blob: { class: "AMBER", type: "bytes", origin: "given" },
        prefs: { class: "AMBER", type: "map", origin: "given" },
        theme: { class: "GREEN", type: "string", origin: "given" },
        since: { class: "GREEN", type: "timestamp", origin: "observed" },
      },
    },
    members: {
      ...collection,
      path: "rooms/{room}/members/{member}",
      subject: { by: "field", field: "owner" },
      access: { read: "subject", write: "nobody" },
      fields: {
        owner: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
        nickname: { class: "AMBER", type: "string", origin: "given" },
        since: { class: "GREEN", type: "timestamp", origin: "observed" },
      },
    },
    notes: {
      ...collection,
      path: "rooms/{room}/notes/{note}",
      subject: { by: "field", field: "owner" },
      access: { read: "subject", write: "nobody" },
      fields: {
        owner: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
        text: { class: "RED", type: "string", origin: "given", lookup: "case-insensitive" },
        since: { class: "GREEN", type: "timestamp", origin: "observed" },
      },
    },
    vault: {
      ...collection,
      path: "vault/{uid}",
      subject: { by: "path", variable: "uid" },
      access: { read: "nobody", write: "nobody" },
      fields: {
        number: { class: "RED", type: "string", origin: "given", lookup: "exact" },
        since: { class: "GREEN", type: "timestamp", origin: "observed" },
      },
    },
    days: {
      ...collection,
      path: "days/{uid}",
      subject: { by: "path", variable: "uid" },
      access: { read: "subject", write: "nobody" },
      fields: {
        mood: { class: "GREEN", type: "string", origin: "given" },
        since: { class: "GREEN", type: "timestamp", origin: "observed" },
      },
    },
  },
} as const satisfies DataMapDeclaration;

// Files keep their keys in a collection of Firekeep's own.
const { storedFiles } = encryptionCollections;

export const testDataMap = lazy(() => defineDataMap(declaration, { collections: { storedFiles }, folders: {} }));

/**
 * A KMS in memory: AES-256-GCM with its associated data, a primary version and older ones under each name. Counts calls; fails
 * when told.
 */
export const fakeKms = () => {
  const keys = new Map<string, FakeVersion[]>();
  const nameOf = ({ ring, key, location = "home" }: KmsKey): string => [ring, key, location].join("/");
  const versionsOf = (key: KmsKey): FakeVersion[] => {
    const known = keys.get(nameOf(key)) ?? [newVersion()];
    keys.set(nameOf(key), known);
    return known;
  };
  const state = {
    calls: 0,
    fail: undefined as undefined | "kms-unavailable" | "kms-refused",
    /** Makes the next version and has it encrypt from now on; its number. */
    rotate: (key: KmsKey): number => versionsOf(key).push(newVersion()),
    disable: (key: KmsKey, version: number) => void (at(versionsOf(key), version).enabled = false),
    enable: (key: KmsKey, version: number) => void (at(versionsOf(key), version).enabled = true),
    destroy: (key: KmsKey, version: number) => void (at(versionsOf(key), version).material = undefined),
  };
  const material = (key: KmsKey, version: number): Buffer => {
    const { enabled, material: bytes } = at(versionsOf(key), version);
    if (!enabled || bytes === undefined) throw kmsError("kms-refused");
    return bytes;
  };
  const called = async (): Promise<void> => {
    await Promise.resolve();
    state.calls += 1;
    if (state.fail !== undefined) throw kmsError(state.fail);
  };
  const kms: Kms = {
    encrypt: async ({ plaintext, associatedData, ...key }) => {
      await called();
      const version = versionsOf(key).length;
      const header = Buffer.from([version, ...randomBytes(12)]);
      const cipher = createCipheriv("aes-256-gcm", material(key, version), header.subarray(1)).setAAD(associatedData);
      const ciphertext = Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      return { ciphertext, version };
    },
    decrypt: async ({ ciphertext, associatedData, ...key }) => {
      await called();
      const bytes = material(key, ciphertext[0] ?? 0);
      const decipher = createDecipheriv("aes-256-gcm", bytes, ciphertext.subarray(1, 13)).setAAD(associatedData);
      decipher.setAuthTag(ciphertext.subarray(-16));
      try {
        return Buffer.concat([decipher.update(ciphertext.subarray(13, -16)), decipher.final()]);
      } catch (cause) {
        throw kmsError("kms-refused", { cause });
      }
    },
    asymmetricSign: () => Promise.reject(kmsError("kms-refused")),
    publicKey: () => Promise.reject(kmsError("kms-refused")),
  };
  return { kms, state };
};

interface FakeVersion {
  enabled: boolean;
  /** Undefined: destroyed. */
  material: Buffer | undefined;
}

const newVersion = (): FakeVersion => ({ enabled: true, material: randomBytes(32) });

const at = (versions: readonly FakeVersion[], version: number): FakeVersion => {
  const found = versions[version - 1];
  if (found === undefined) throw kmsError("kms-refused");
  return found;
};

const offline = lazy(() => new Firestore({ projectId: "demo-encryption-unit" }));

export const testNatives = firestoreNativeTypes(offline);

/** The domain over memory, with a clock that stands still until it is moved. */
export const testDomain = (ground: Partial<Ground> = {}) => {
  const fake = fakeKms();
  const time = { now: 1_800_000_000_000 };
  const accesses: Access[] = [];
  const domain = wire({
    dataMap: testDataMap,
    kms: fake.kms,
    store: memoryDataKeyStore(),
    epochs: memoryEpochStore(),
    roots: memoryIndexRootStore(),
    natives: testNatives,
    clock: () => time.now,
    random: (size) => randomBytes(size),
    limits: config.keys,
    ...ground,
  });
  const recordAccess = (access: Access) => {
    accesses.push(access);
    return Promise.resolve();
  };
  const recordAccesses = (all: readonly Access[]) => {
    accesses.push(...all);
    return Promise.resolve();
  };
  return { ...domain, ground: domain, time, kmsState: fake.state, accesses, recordAccess, recordAccesses };
};
