import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { startLocalKms, type LocalKms } from "../../../../dev/kms/index.js";
import { config } from "../../config.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { cloudKms, connectClient } from "../../platform/kms-client.js";
import { firestoreDataKeyStore } from "./data-key-store.firestore.js";
import { testDomain } from "../encryption.fixture.js";
import { firestoreIndexRootStore } from "../indexes/index-root-store.firestore.js";
import { openDocument } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";

const { firestore, close } = emulatedFirestore("encryption-kms", "keys");
const environment = { ...process.env };
const clients: ReturnType<typeof connectClient>[] = [];
let server: LocalKms;

beforeAll(async () => {
  server = await startLocalKms();
  server.seed({ project: "demo-encryption-kms", location: "europe-west1" });
  process.env["GCLOUD_PROJECT"] = "demo-encryption-kms";
  process.env["FIREKEEP_KMS_LOCATION"] = "europe-west1";
  process.env["FIREKEEP_KMS_ENDPOINT"] = `127.0.0.1:${String(server.port)}`;
});

afterEach(() => {
  server.control.setOutage(false);
  server.control.setLatency(0);
  server.control.resetStats();
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
  await close();
  process.env = environment;
});

/** An instance with the official client and the Firestore emulator, and nothing in memory. */
const newInstance = () => {
  const connect = () => {
    const client = connectClient();
    clients.push(client);
    return client;
  };
  return testDomain({
    kms: cloudKms(config.kms, connect),
    store: firestoreDataKeyStore(() => firestore),
    roots: firestoreIndexRootStore(() => firestore),
  });
};

type Instance = ReturnType<typeof newInstance>;

let count = 0;
const newSubject = (): string => `u${String(Date.now())}x${String((count += 1))}`;
const write = (instance: Instance, subject: string, values: Record<string, unknown>) =>
  sealDocument(instance, { collection: "people", path: `people/${subject}`, subject, values });
const read = (instance: Instance, subject: string, data: Record<string, unknown>) =>
  openDocument(instance, { collection: "people", path: `people/${subject}`, data });

const ten = {
  secret: "1",
  other: "2",
  tags: [3],
  bio: "4",
  height: 5,
  active: true,
  prefs: {},
  blob: Buffer.of(8),
  theme: "9",
  score: 10,
};

test("the server counts two calls for a cold write of ten fields, and none for warm ones", async () => {
  const [instance, subject] = [newInstance(), newSubject()];
  const data = await write(instance, subject, ten);
  expect(server.control.stats().byMethod).toEqual({ Encrypt: 2 });
  await write(instance, subject, ten);
  expect(await read(instance, subject, data)).toEqual(ten);
  expect(server.control.stats().total).toBe(2);
  expect(await read(newInstance(), subject, data)).toEqual(ten);
  expect(server.control.stats().byMethod).toEqual({ Encrypt: 2, Decrypt: 2 });
});

test("the server counts one call for 200 readers who miss at once, slow as it is", async () => {
  const subject = newSubject();
  const data = await write(newInstance(), subject, { secret: "x" });
  server.control.resetStats();
  server.control.setLatency(50);
  const instance = newInstance();
  const all = await Promise.all(Array.from({ length: 200 }, () => read(instance, subject, data)));
  expect(all).toHaveLength(200);
  expect(server.control.stats().total).toBe(1);
});

test("in an outage RED fails closed after its cache time, AMBER goes on, and both come back with the server", async () => {
  const [instance, subject] = [newInstance(), newSubject()];
  const red = await write(instance, subject, { secret: "red" });
  const amber = await write(instance, subject, { bio: "amber" });
  server.control.setOutage(true);
  expect(await read(instance, subject, red)).toEqual({ secret: "red" });
  instance.time.now += config.keys.cacheMs;
  await expect(read(instance, subject, red)).rejects.toMatchObject({ code: "encryption/kms-unavailable" });
  expect(await read(instance, subject, amber)).toEqual({ bio: "amber" });
  await expect(write(newInstance(), newSubject(), { secret: "new" })).rejects.toMatchObject({
    code: "encryption/kms-unavailable",
  });
  server.control.setOutage(false);
  expect(await read(instance, subject, red)).toEqual({ secret: "red" });
});
