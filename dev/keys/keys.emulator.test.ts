import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { config } from "../../functions/src/config.js";
import { testNatives } from "../../functions/src/encryption/encryption.fixture.js";
import { firestoreIndexRootStore } from "../../functions/src/encryption/indexes/index-root-store.firestore.js";
import { makeBlindIndex } from "../../functions/src/encryption/indexes/blind-index.js";
import { firestoreDataKeyStore } from "../../functions/src/encryption/keys/data-key-store.firestore.js";
import { firestoreEpochStore } from "../../functions/src/encryption/keys/epoch-store.firestore.js";
import { firestoreJobStore } from "../../functions/src/encryption/rotation/job-store.firestore.js";
import { JOB_KINDS, type JobKind } from "../../functions/src/encryption/rotation/job.js";
import { keyStatus } from "../../functions/src/encryption/rotation/key-status.js";
import { KEPT, profileOf, rotationMap } from "../../functions/src/encryption/rotation/rotation.fixture.js";
import { rotation } from "../../functions/src/encryption/rotation/rotation.js";
import { runRotation } from "../../functions/src/encryption/rotation/run-rotation.js";
import * as start from "../../functions/src/encryption/rotation/start-rotation.js";
import { firestoreSweepDocuments } from "../../functions/src/encryption/rotation/sweep-documents.firestore.js";
import { openDocument } from "../../functions/src/encryption/tokens/open-document.js";
import { sealDocument } from "../../functions/src/encryption/tokens/seal-document.js";
import { openSecretToken, sealSecretToken } from "../../functions/src/encryption/tokens/seal-secret.js";
import { wire } from "../../functions/src/encryption/wire.js";
import { lazy } from "../../functions/src/kernel/lazy.js";
import { systemRandom } from "../../functions/src/kernel/random.js";
import { emulatedFirestore } from "../../functions/src/platform/emulator.fixture.js";
import { cloudKms, connectClient } from "../../functions/src/platform/kms-client.js";
import { startLocalKms, type LocalKms } from "../kms/index.ts";
import { carryOut } from "./carry-out.ts";
import { cloudKeks } from "./keks.ts";
import { readWish } from "./wishes.ts";

// The real stores and the official client, each with its emulated service. Only the queue is a stand-in: it is called here.
const NAME = `keys-${String(Date.now())}`;
const PROJECT = `demo-${NAME}`;
const data = emulatedFirestore(NAME);
const keys = emulatedFirestore(NAME, "keys");
const LOCATION = config.functions.region;
const environment = { ...process.env };
let kms: LocalKms;

beforeAll(async () => {
  kms = await startLocalKms();
  kms.seed({ project: PROJECT, location: LOCATION });
  process.env["GCLOUD_PROJECT"] = PROJECT;
  process.env["FIREKEEP_KMS_LOCATION"] = LOCATION;
  process.env["FIREKEEP_KMS_ENDPOINT"] = `127.0.0.1:${String(kms.port)}`;
});

afterAll(async () => {
  await connect().close();
  await Promise.all([data.close(), keys.close()]);
  await kms.stop();
  process.env = environment;
});

const time = { now: Date.now() };

const connect = lazy(connectClient);

/** A process with nothing in memory. */
const instance = () => {
  const [app, inKeys] = [() => data.firestore, () => keys.firestore];
  const domain = wire({
    dataMap: rotationMap,
    kms: cloudKms(config.kms, connect),
    store: firestoreDataKeyStore(inKeys),
    epochs: firestoreEpochStore(inKeys),
    roots: firestoreIndexRootStore(inKeys),
    natives: testNatives,
    clock: () => time.now,
    random: systemRandom,
    limits: config.keys,
  });
  return rotation({
    domain,
    documents: firestoreSweepDocuments(app),
    jobs: firestoreJobStore(inKeys),
    queue: { enqueue: () => Promise.resolve() },
    record: () => Promise.resolve(),
    keyClasses: () => ["RED", "AMBER", "VAULT"],
    limits: { ...config.keys, ...config.rotation, objectsKeptMs: KEPT, pageSize: 3 },
  });
};

/** Slices, with the waiting in between, until it is done. */
const finish = async (kind: JobKind) => {
  const jobs = instance().jobs;
  for (let slices = 0; slices < 20; slices += 1) {
    const job = await jobs.find(kind);
    if (job === undefined || job.state === "done") return job;
    time.now = Math.max(time.now, job.dueAt);
    await runRotation(instance(), kind);
  }
  throw new Error(`${kind} does not end`);
};

const act = async (...args: string[]): Promise<string> => {
  const lines: string[] = [];
  const places = { project: PROJECT, home: LOCATION, others: [], rings: config.kms.rings };
  const backend = { deps: instance(), keks: () => cloudKeks(connect(), places), keyStatus, start };
  await carryOut(backend, readWish(args), (line) => lines.push(line));
  return lines.join("\n");
};

const UIDS = ["ann", "ben", "cleo", "dora"];

const write = async () => {
  const [writer, { firestore }] = [instance(), data];
  for (const uid of UIDS) {
    const profile = { collection: "people", path: `people/${uid}`, subject: uid, values: profileOf(uid) };
    await firestore.doc(`people/${uid}`).set(await sealDocument(writer, profile));
    const path = `rooms/r1/notes/${uid}`;
    const note = { collection: "notes", path, subject: uid, values: { owner: uid, text: `Note of ${uid}` } };
    await firestore.doc(path).set(await sealDocument(writer, note));
    const sealed = await sealSecretToken(writer, {
      label: "identity.contact/c",
      subject: uid,
      secret: Buffer.from(uid),
    });
    await firestore.doc(`secContacts/${uid}`).set({ contacts: [{ id: "c", sealed, hash: "h" }] });
  }
};

const expectReadable = async () => {
  const [reader, { firestore }] = [instance(), data];
  for (const uid of UIDS) {
    const person = (await firestore.doc(`people/${uid}`).get()).data() ?? {};
    const only = Object.keys(profileOf(uid));
    expect(await openDocument(reader, { collection: "people", path: `people/${uid}`, data: person, only })).toEqual(
      profileOf(uid),
    );
    const path = `rooms/r1/notes/${uid}`;
    const note = (await firestore.doc(path).get()).data() ?? {};
    expect(await openDocument(reader, { collection: "notes", path, data: note })).toMatchObject({
      text: `Note of ${uid}`,
    });
    const [contact] = (await firestore.doc(`secContacts/${uid}`).get()).get("contacts") as { sealed: Uint8Array }[];
    const place = { label: "identity.contact/c", subject: uid, token: contact?.sealed ?? Buffer.alloc(0) };
    expect(Buffer.from(await openSecretToken(reader, place)).toString()).toBe(uid);
    const indexes = await makeBlindIndex(reader, { collection: "people", field: "email", value: `${uid}@example.com` });
    const found = await firestore.collection("people").where("_b.email", "in", indexes).get();
    expect(found.docs.map(({ id }) => id)).toEqual([uid]);
  }
};

test("every key is rotated once, by the command, over Firestore and KMS, and the old ones are destroyed", async () => {
  await write();
  // KMS keys: new version, rewrapped, old version destroyed.
  expect(await act("kek", "new", "red")).toMatch(/version 2 of red/);
  await act("kek", "new", "index");
  await act("rewrap");
  expect(await finish("rewrap")).toMatchObject({ state: "done", troubles: {}, worked: 5, total: 5 });
  expect(await act("kek", "disable", "red", "1")).toMatch(/is DISABLED now/);
  await act("kek", "destroy", "red", "1", "--yes");
  expect(await act("kek", "restore", "red", "1")).toMatch(/is DISABLED now/);
  expect(await act("kek", "enable", "red", "1")).toMatch(/is ENABLED now/);
  expect(await act("kek", "destroy", "red", "1", "--yes")).toMatch(/is DESTROY_SCHEDULED now/);
  await expect(act("kek", "destroy", "amber", "1", "--yes")).rejects.toThrow(/4 keys are wrapped/);
  await expectReadable();

  // Data keys: new epoch, resealed, old versions destroyed.
  await act("rotate", "data");
  expect(await finish("reseal")).toMatchObject({ state: "done", troubles: {}, worked: 12, total: 8 });
  time.now += KEPT;
  await act("retire", "--yes");
  await finish("retire");
  const stored = (await keys.firestore.doc("dataKeys/ann").get()).data() ?? {};
  expect(Object.keys(stored["RED"] as object)).toEqual(["2"]);
  await expectReadable();

  // Index keys, in three phases.
  await act("rotate", "index", "prepare");
  await finish("prepare");
  await expectReadable();
  time.now += config.keys.cacheMs + config.keys.staleMs;
  await act("rotate", "index", "switch");
  await expectReadable();
  expect(await finish("reindex")).toMatchObject({ state: "done", troubles: {}, worked: 8, total: 8 });
  time.now += config.keys.cacheMs + config.keys.staleMs;
  await act("rotate", "index", "finish");
  await expectReadable();

  const status = await act("status");
  expect(status).toMatch(/KMS red version 1: DESTROY_SCHEDULED, SOFTWARE/);
  expect(status).toMatch(/KMS red version 2: ENABLED, primary, SOFTWARE/);
  expect(status).toMatch(/KMS vault version 1: ENABLED, primary, HSM/);
  for (const kind of JOB_KINDS) expect(status).toMatch(new RegExp(`^${kind}: done, 100 %`, "mu"));
}, 60_000);
