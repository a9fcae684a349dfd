import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { localKmsClient } from "../../../../dev/kms/client.js";
import { startLocalKms, type LocalKms } from "../../../../dev/kms/index.js";
import { config } from "../../config.js";
import { cloudKms, connectClient } from "../../platform/kms-client.js";
import type { Kms } from "../../platform/kms-port.js";
import { testDomain } from "../encryption.fixture.js";
import { openDocument } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";

// The official client against the local KMS; stores in memory, so that what was written can be looked at.
const LOCATIONS = ["europe-west1", "us-east1"];
const environment = { ...process.env };
let server: LocalKms;
let client: ReturnType<typeof connectClient>;
let admin: ReturnType<typeof localKmsClient>;
let kms: Kms;
let project: string;

beforeAll(async () => {
  server = await startLocalKms();
  process.env["FIREKEEP_KMS_LOCATION"] = LOCATIONS.join(", ");
  process.env["FIREKEEP_KMS_ENDPOINT"] = `127.0.0.1:${String(server.port)}`;
  client = connectClient();
  admin = localKmsClient(server);
  kms = cloudKms(config.kms, () => client);
  newProject();
  // The first call makes the channel, which takes longer than the calls after it.
  await kms.encrypt({ ...RED, plaintext: Buffer.of(1), associatedData: Buffer.of() });
});

afterEach(() => {
  server.control.setOutage(false);
  server.control.setLatency(0);
  server.control.clearFaults();
  server.control.resetStats();
});

afterAll(async () => {
  await Promise.all([client.close(), admin.close()]);
  await server.stop();
  process.env = environment;
});

/** The same KMS, given up after this. */
const impatient = (timeoutMs: number): Kms => cloudKms({ ...config.kms, timeoutMs }, () => client);

/** Keys of its own, so that a version that is disabled or destroyed is no other test's. */
const newProject = (): void => {
  project = `demo-${randomUUID().slice(0, 8)}`;
  process.env["GCLOUD_PROJECT"] = project;
  for (const location of LOCATIONS) server.seed({ project, location });
};

const RED = { ring: "red", key: "fields" } as const;
const versionName = (number: number): string =>
  `${client.cryptoKeyPath(project, "europe-west1", "firekeep-red", "fields")}/cryptoKeyVersions/${String(number)}`;
const setState = (number: number, state: "ENABLED" | "DISABLED") =>
  admin.updateCryptoKeyVersion({
    cryptoKeyVersion: { name: versionName(number), state },
    updateMask: { paths: ["state"] },
  });

const place = { collection: "people", path: "people/u1" } as const;
type Domain = ReturnType<typeof testDomain>;
const write = (domain: Domain, values: Record<string, unknown>) =>
  sealDocument(domain, { ...place, subject: "u1", values });
const read = (domain: Domain, data: Record<string, unknown>) => openDocument(domain, { ...place, data });
/** Another instance over the same store: nothing in memory. */
const restarted = ({ ground }: Domain): Domain => testDomain({ ...ground });
const unavailable = { code: "encryption/kms-unavailable" };
const refused = { code: "encryption/kms-refused" };

describe("a KMS that is", () => {
  test("slow answers all the same, up to the time limit", async () => {
    const domain = testDomain({ kms });
    server.control.setLatency(20);
    const data = await write(domain, { secret: "x" });
    server.control.setLatency(700);
    const other = testDomain({ ...domain.ground, kms: impatient(1_600) });
    expect(await read(other, data)).toEqual({ secret: "x" });
  });

  test("slower than the time limit is as good as none: a typed error, and nothing written", async () => {
    const domain = testDomain({ kms: impatient(400) });
    server.control.setLatency(500);
    await expect(write(domain, { secret: "x" })).rejects.toMatchObject(unavailable);
    await delay(300); // the answer that nobody waits for any more
    expect(await domain.ground.store.find("u1")).toBe(undefined);
  });

  test("over its quota is asked again after a while, twice at the most", async () => {
    const domain = testDomain({ kms });
    server.control.addFault({ code: "RESOURCE_EXHAUSTED", times: 2 });
    const data = await write(domain, { secret: "x" });
    expect(server.control.stats().total).toBe(3);
    server.control.resetStats();
    server.control.addFault({ code: "RESOURCE_EXHAUSTED" });
    await expect(read(restarted(domain), data)).rejects.toMatchObject(unavailable);
    expect(server.control.stats().total).toBe(3);
  });

  test("down for one class leaves a key of the other at most, and the write goes through later", async () => {
    const domain = testDomain({ kms });
    server.control.addFault({ method: "Encrypt", code: "UNAVAILABLE", times: 5 });
    await expect(write(domain, { secret: "x", bio: "x" })).rejects.toMatchObject(unavailable);
    server.control.clearFaults();
    const data = await write(domain, { secret: "x", bio: "x" });
    expect(await read(restarted(domain), data)).toEqual({ secret: "x", bio: "x" });
  });

  test("no longer ours to use (permission lost) is a refusal, asked once; no cached key lives on past its time", async () => {
    const domain = testDomain({ kms });
    const data = await write(domain, { bio: "amber" });
    domain.time.now += config.keys.cacheMs;
    server.control.addFault({ code: "PERMISSION_DENIED" });
    server.control.resetStats();
    await expect(read(domain, data)).rejects.toMatchObject(refused);
    expect(server.control.stats().total).toBe(1);
    server.control.clearFaults();
    expect(await read(domain, data)).toEqual({ bio: "amber" });
  });
});

test("200 readers of a slow KMS make one call", async () => {
  const first = testDomain({ kms });
  const data = await write(first, { secret: "x" });
  const domain = restarted(first);
  server.control.setLatency(20);
  server.control.resetStats();
  await Promise.all(Array.from({ length: 200 }, () => read(domain, data)));
  expect(server.control.stats().total).toBe(1);
});

describe("a version of the KMS key", () => {
  test("that is disabled in the middle of a run fails what needs it, writes nothing half, and all is well when it is enabled", async () => {
    newProject();
    const domain = testDomain({ kms });
    const subjects = Array.from({ length: 40 }, (_, index) => `s${String(index)}`);
    const seal = (subject: string) =>
      sealDocument(restarted(domain), { ...place, path: `people/${subject}`, subject, values: { secret: subject } });
    const running = subjects.map((subject, index) =>
      index === 20 ? setState(1, "DISABLED").then(() => seal(subject)) : seal(subject),
    );
    const outcomes = await Promise.allSettled(running);
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toMatchObject(refused);
    expect(outcomes[20]?.status).toBe("rejected");
    await setState(1, "ENABLED");
    for (const [index, subject] of subjects.entries()) {
      const outcome = outcomes[index];
      const data = outcome?.status === "fulfilled" ? outcome.value : await seal(subject);
      const opened = openDocument(restarted(domain), { ...place, path: `people/${subject}`, data });
      expect(await opened).toEqual({ secret: subject });
    }
  });

  test("that is disabled as the primary one refuses new keys; with a new primary version there are new keys again", async () => {
    newProject();
    const domain = testDomain({ kms });
    await setState(1, "DISABLED");
    await expect(write(domain, { secret: "x" })).rejects.toMatchObject(refused);
    expect(await domain.ground.store.find("u1")).toBe(undefined);
    const key = client.cryptoKeyPath(project, "europe-west1", "firekeep-red", "fields");
    await admin.createCryptoKeyVersion({ parent: key, cryptoKeyVersion: {} });
    await admin.updateCryptoKeyPrimaryVersion({ name: key, cryptoKeyVersionId: "2" });
    const data = await write(domain, { secret: "x" });
    expect((await domain.ground.store.find("u1"))?.RED?.["1"]?.kek).toBe(2);
    expect(await read(restarted(domain), data)).toEqual({ secret: "x" });
  });

  test("that is to be destroyed is refused; restored it comes back disabled, and enabled it opens everything again", async () => {
    newProject();
    const domain = testDomain({ kms });
    const data = await write(domain, { secret: "x" });
    await admin.destroyCryptoKeyVersion({ name: versionName(1) });
    await expect(read(restarted(domain), data)).rejects.toMatchObject(refused);
    await admin.restoreCryptoKeyVersion({ name: versionName(1) });
    await expect(read(restarted(domain), data)).rejects.toMatchObject(refused);
    await setState(1, "ENABLED");
    expect(await read(restarted(domain), data)).toEqual({ secret: "x" });
  });

  test("whose destruction is over takes what is under it along", async () => {
    newProject();
    const domain = testDomain({ kms });
    const data = await write(domain, { secret: "x" });
    await admin.destroyCryptoKeyVersion({ name: versionName(1) });
    server.control.advanceClock(31 * 24 * 3_600_000);
    await expect(admin.restoreCryptoKeyVersion({ name: versionName(1) })).rejects.toThrow();
    await expect(read(restarted(domain), data)).rejects.toMatchObject(refused);
  });
});

describe("locations", () => {
  const use = { subject: "u1", class: "RED@us-east1" } as const;

  test("keys of a class elsewhere are wrapped there, and nowhere else", async () => {
    newProject();
    const domain = testDomain({ kms });
    server.control.resetStats();
    await domain.dataKeys.warm([use], { create: true });
    const [[name, calls] = []] = Object.entries(server.control.stats().byKey);
    expect([name?.includes("/locations/us-east1/"), calls]).toEqual([true, 1]);
    const found = await restarted(domain).dataKeys.warm([use], { create: false });
    expect(found.find("u1", "RED@us-east1", undefined)?.id).toBe(1);
  });

  test("a location that this project has no keys in is a typed error, and nothing is written or asked", async () => {
    const domain = testDomain({ kms });
    const warming = domain.dataKeys.warm([{ subject: "u1", class: "RED@europe-west3" }], { create: true });
    await expect(warming).rejects.toMatchObject({ code: "encryption/kms-location-unknown" });
    expect([await domain.ground.store.find("u1"), server.control.stats().total]).toEqual([undefined, 0]);
  });

  test("a key that was made for one location cannot be opened as another's", async () => {
    const domain = testDomain({ kms });
    await domain.dataKeys.warm([use], { create: true });
    const keys = (await domain.ground.store.find("u1"))?.["RED@us-east1"]?.["1"];
    if (keys === undefined) throw new Error("no key");
    await domain.ground.store.addVersion("u2", 1, { RED: keys });
    const warming = domain.dataKeys.warm([{ subject: "u2", class: "RED" }], { create: false });
    await expect(warming).rejects.toMatchObject(refused);
  });
});
