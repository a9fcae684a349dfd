import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { defineDataMap } from "../kernel/data-map/define.js";
import { emulatedFirestore } from "../platform/emulator.fixture.js";
import { ownCollections } from "../platform/own-data.js";
import { HELD } from "./export-document.js";
import { privacyWorld, shapes, wipe } from "./privacy.fixture.js";
import { requestErasure } from "./request-erasure.js";
import { requestExport } from "./request-export.js";
import { runErasure } from "./run-erasure.js";
import { runExport } from "./run-export.js";

const { firestore, close } = emulatedFirestore("privacy-held");
afterAll(close);
beforeEach(() => wipe("demo-privacy-held"));

const passports = {
  ...shapes.collections.profiles,
  path: "passports/{uid}",
  fields: {
    number: { class: "RED", type: "string", origin: "given", hardware: true },
    issuer: { class: "RED", type: "string", origin: "given" },
    expired: { class: "RED", type: "string", origin: "given", hardware: true },
  },
} as const;

const map = () => {
  const { privacyJobs, privacyRequests, vaultRequests } = ownCollections;
  const own = { collections: { privacyJobs, privacyRequests, vaultRequests }, folders: {} };
  return defineDataMap({ ...shapes, collections: { passports }, folders: {} }, own);
};

const seed = async (world: ReturnType<typeof privacyWorld>) => {
  const token = (text: string) => Buffer.from(text);
  const request = { uid: "1", path: "passports/1", reason: "about 1", collection: "passports", requestedBy: "olga" };
  const rows = {
    "passports/1": { _e: { number: token("P 123"), issuer: token("Oslo") }, _ek: 1 },
    "vaultRequests/open": { id: "open", ...request, state: "approved" },
    "vaultRequests/silent": { id: "silent", ...request, state: "opened", hiddenUntil: world.deps.clock() + 1_000 },
    "vaultRequests/told": { id: "told", ...request, state: "opened", hiddenUntil: world.deps.clock() },
  };
  for (const [path, row] of Object.entries(rows)) await firestore.doc(path).set(row);
  world.deps.accounts.states.set("1", "open");
  world.keys.add("1");
};

test("an export says of fields under the hardware key that they are held, and how to receive them", async () => {
  const world = privacyWorld(firestore, map());
  await seed(world);
  // As the encryption domain opens for everybody: without the fields under the hardware key.
  const open: typeof world.deps.open = async (request, reading) => {
    const opened = await world.deps.open(request, reading);
    return Object.fromEntries(Object.entries(opened).filter(([name]) => name !== "number"));
  };
  const { request } = await requestExport(world.deps, "1");
  await runExport({ ...world.deps, open }, request);
  const file = JSON.parse(world.deps.files.objects.get(`exports/1/${request}.json`) ?? "") as {
    complete: boolean;
    counts: object;
    data: { path: string; data: object }[];
    facts: { collections: { name: string; fields: { name: string; held?: string }[] }[] };
  };
  expect(file.complete).toBe(true);
  expect(file.data[0]).toEqual({
    collection: "passports",
    path: "passports/1",
    data: { issuer: "Oslo", number: HELD },
  });
  const facts = file.facts.collections.find(({ name }) => name === "passports")?.fields ?? [];
  expect(facts.map(({ name, held }) => [name, held?.includes("write to the controller") ?? false])).toEqual([
    ["number", true],
    ["issuer", false],
    ["expired", true],
  ]);
  expect(world.accesses.find(({ collection }) => collection === "passports")?.fields).toEqual(["issuer"]);
  // Those that may be told of, and not the silent one.
  expect(file.data.flatMap(({ path }) => (path.startsWith("vaultRequests/") ? [path] : []))).toEqual([
    "vaultRequests/open",
    "vaultRequests/told",
  ]);
  expect(JSON.stringify(file.data)).not.toMatch(/silent|olga/);
  expect(file.counts).toMatchObject({ vaultRequests: { exported: 2 } });
});

test("an erasure takes the person out of requests for their data, and its receipt tells of no silent one", async () => {
  const world = privacyWorld(firestore, map());
  await seed(world);
  const { receipt } = await requestErasure(world.deps, "1");
  for (let task = world.deps.queue.waiting.shift(); task !== undefined; task = world.deps.queue.waiting.shift())
    await runErasure(world.deps, (task.data as { job: string }).job);
  const { docs } = await firestore.collection("vaultRequests").get();
  expect(docs.map((row) => Object.keys(row.data()).sort())).toEqual([
    ["collection", "id", "requestedBy", "state"],
    ["collection", "hiddenUntil", "id", "requestedBy", "state"],
    ["collection", "hiddenUntil", "id", "requestedBy", "state"],
  ]);
  const signed = (await firestore.doc(`privacyReceipts/${receipt}`).get()).data();
  expect(signed).toMatchObject({
    status: "done",
    signed: { statement: { counts: { vaultRequests: { reduced: 2 } } } },
  });
});
