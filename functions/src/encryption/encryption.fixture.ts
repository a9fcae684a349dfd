import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Firestore } from "@google-cloud/firestore";
import type { Access } from "../audit/index.js";
import { config } from "../config.js";
import type { DataMapDeclaration } from "../kernel/data-map/declaration.js";
import { defineDataMap } from "../kernel/data-map/define.js";
import { lazy } from "../kernel/lazy.js";
import { kmsError } from "../platform/kms-errors.js";
import type { Kms, KmsKey } from "../platform/kms-port.js";
import { memoryDataKeyStore } from "./keys/data-key-store.js";
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

const declaration = {
  app: "test",
  controller: { name: "Test", contact: "privacy@test.example" },
  authRecord: { purpose: "Sign people in", legalBasis: "contract" },
  folders: {},
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

export const testDataMap = lazy(() => defineDataMap(declaration, { collections: {}, folders: {} }));

/** A KMS in memory: AES-256-GCM under one key a name, with its associated data. Counts calls; fails when told. */
export const fakeKms = () => {
  const keys = new Map<string, Buffer>();
  const state = { calls: 0, fail: undefined as undefined | "kms-unavailable" | "kms-refused" };
  const keyOf = ({ ring, key }: KmsKey): Buffer => {
    state.calls += 1;
    if (state.fail !== undefined) throw kmsError(state.fail);
    const known = keys.get(ring + key) ?? randomBytes(32);
    keys.set(ring + key, known);
    return known;
  };
  const kms: Kms = {
    encrypt: async ({ plaintext, associatedData, ...key }) => {
      await Promise.resolve();
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", keyOf(key), nonce).setAAD(associatedData);
      return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt: async ({ ciphertext, associatedData, ...key }) => {
      await Promise.resolve();
      const decipher = createDecipheriv("aes-256-gcm", keyOf(key), ciphertext.subarray(0, 12)).setAAD(associatedData);
      decipher.setAuthTag(ciphertext.subarray(-16));
      try {
        return Buffer.concat([decipher.update(ciphertext.subarray(12, -16)), decipher.final()]);
      } catch (cause) {
        throw kmsError("kms-refused", { cause });
      }
    },
    asymmetricSign: () => Promise.reject(kmsError("kms-refused")),
    publicKey: () => Promise.reject(kmsError("kms-refused")),
  };
  return { kms, state };
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
  return { ...domain, ground: domain, time, kmsState: fake.state, accesses, recordAccess };
};
