import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { deleteApp, initializeApp, type App } from "firebase-admin/app";
import { FieldValue, getFirestore } from "firebase-admin/firestore";
import { startLocalKms, type LocalKms } from "../../../../dev/kms/index.js";
import { memoryPseudonymStore } from "../../audit/pseudonym-store.js";
import { rememberedPseudonyms } from "../../audit/pseudonyms.js";
import { recordAccessesBy } from "../../audit/record-access.js";
import { firestoreSpool } from "../../audit/spool.firestore.js";
import { config } from "../../config.js";
import type { declaration } from "../../data-map.js";
import { lazy } from "../../kernel/lazy.js";
import { systemRandom } from "../../kernel/random.js";
import { systemClock } from "../../kernel/time.js";
import { firestore } from "../../platform/app.js";
import { memoryPublisher } from "../../platform/pubsub.js";
import { deps } from "../deps.js";
import { encryptedCollection } from "./encrypted-collection.firestore.js";
import { readWith, type Reader, type Reading } from "./reader.js";

// docs/encryption.md, run as it is written, over the domain as it is deployed: the data map in force, the Firestore emulator, the
// local KMS by the real client, the log in Firestore. Only Pub/Sub and the log's own keys are stand-ins.
const PROJECT = `demo-encryption-guide-${String(Date.now())}`;
const environment = { ...process.env };
let app: App;
let kms: LocalKms;

beforeAll(async () => {
  kms = await startLocalKms();
  kms.seed({ project: PROJECT, location: config.functions.region });
  Object.assign(process.env, {
    GCLOUD_PROJECT: PROJECT,
    FIREKEEP_KMS_LOCATION: config.functions.region,
    FIREKEEP_FIRESTORE_LOCATION: config.functions.region,
    FIREKEEP_BUCKET_LOCATION: config.functions.region,
    FIREKEEP_KMS_ENDPOINT: `127.0.0.1:${String(kms.port)}`,
  });
  app = initializeApp({ projectId: PROJECT });
});
afterAll(async () => {
  await deleteApp(app);
  await kms.stop();
  process.env = environment;
});

const spool = firestoreSpool(firestore);
const [clock, random] = [systemClock, systemRandom];
const pseudonyms = rememberedPseudonyms({ store: memoryPseudonymStore(), clock, random });
const log = { spool, pseudonyms, publisher: memoryPublisher(), clock, random, log: () => undefined };
const world = lazy(() => ({
  ...deps(),
  recordAccesses: (all: Parameters<typeof recordAccessesBy>[1]) => recordAccessesBy(log, all),
}));

// As index.ts has them.
type Declared = (typeof declaration)["collections"];
const encrypted = <Name extends keyof Declared>(name: Name) => encryptedCollection<Declared[Name]>(world, name);
const readAs = <Result>(reader: Reader, read: (reading: Reading) => Promise<Result>) => readWith(world(), reader, read);

const guide = readFileSync(join(__dirname, "../../../../docs/encryption.md"), "utf8");

test("writes, reads, finds, transacts and is refused as the guide says", async () => {
  const [uid, staff, chat, message] = ["ada", "staff-7", "c1", "m1"];
  const uids = [uid, "bob", "cyd"];

  const db = getFirestore();
  const profiles = encrypted("profiles");

  await profiles.set({ uid }, { displayName: "Ada", email: "ada@example.com", city: "London", bio: "Likes engines" });
  await profiles.set({ uid }, { phone: "+44 20 7946 0018", createdAt: FieldValue.serverTimestamp() }, { merge: true });
  await profiles.update({ uid }, { bio: "Likes analytical engines", phone: null });

  const reader: Reader = { actor: "operator", actorUid: staff, purpose: "Answer ticket 4711" };
  const ada = await profiles.get({ uid }, reader);
  expect(ada).toMatchObject({ email: "ada@example.com", bio: "Likes analytical engines" });
  expect(ada?.phone).toBe(undefined);
  const raw = JSON.stringify((await profiles.doc({ uid }).get()).data());
  expect(raw).not.toMatch(/ada@|analytical/u);

  const [found] = await profiles.where("email", "==", "ADA@example.com").limit(1).get(reader);
  const londoners = await profiles.where("city", "==", "London").orderBy("displayName").limit(20).get(reader);
  expect([found?.params, londoners.length]).toEqual([{ uid }, 1]);

  const warm = await profiles.warm(uid);
  kms.control.resetStats();
  await db.runTransaction(async (transaction) => {
    const seen = await transaction.get(profiles.doc({ uid }));
    if (seen.get("city") === "London") warm.update(transaction, { uid }, { bio: "Likes London" });
  });

  const length = await readAs({ actor: "system", purpose: "Count characters" }, (reading) =>
    db.runTransaction(async (transaction) => {
      const seen = await transaction.get(warm.doc({ uid }, { reading }));
      return seen.data()?.bio?.length ?? 0;
    }),
  );
  expect(length).toBe("Likes London".length);
  expect(kms.control.stats().total).toBe(0);

  const everybody = await profiles.warm(uids);
  const bulk = db.bulkWriter();
  for (const each of uids) everybody.set(bulk, { uid: each }, { displayName: each, bio: `I am ${each}` });
  await bulk.close();
  const snapshots = await db.getAll(...uids.map((each) => profiles.doc({ uid: each })));
  const all = await profiles.open(snapshots, { actor: "system", purpose: "Send the newsletter" });
  expect(all.map(({ bio }) => bio)).toEqual(["I am ada", "I am bob", "I am cyd"]);

  const messages = encrypted("messages");
  await messages.create({ chat, message }, { sender: uid, text: "See you at eight", sentAt: new Date() });
  const thread = await messages.under({ chat }).orderBy("sentAt").limit(50).get(reader);
  expect(thread.map(({ values }) => values.text)).toEqual(["See you at eight"]);

  const told = await spool.accessTo(uid, { limit: 10 });
  expect(told.map(({ actor, collection, fields, purpose }) => ({ actor, collection, fields, purpose }))).toEqual([
    { actor: "operator", collection: "messages", fields: ["text"], purpose: "Answer ticket 4711" },
    { actor: "system", collection: "profiles", fields: ["email"], purpose: "Count characters" },
    ...Array.from({ length: 3 }, () => ({
      actor: "operator",
      collection: "profiles",
      fields: ["email"],
      purpose: "Answer ticket 4711",
    })),
  ]);
}, 60_000);

test("every line of code in the guide is in the test above, or in the data map in force", () => {
  const lines = (text: string) => text.replace(/\s+/gu, " ");
  const sources = [__filename, join(__dirname, "../../data-map.ts")].map((file) => lines(readFileSync(file, "utf8")));
  const blocks = [...guide.matchAll(/```ts\n([\s\S]*?)```/gu)].map(([, block = ""]) => block.trim());
  expect(blocks.length).toBeGreaterThan(5);
  const missing = blocks
    .flatMap((block) => block.split(/\n\s*\n/u))
    .filter((paragraph) => !paragraph.startsWith("import "))
    .filter((paragraph) => !sources.some((source) => source.includes(lines(paragraph).trim())));
  expect(missing).toEqual([]);
});
