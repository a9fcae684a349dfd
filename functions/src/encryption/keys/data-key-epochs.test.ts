import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { testDomain } from "../encryption.fixture.js";
import { openDocument } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";
import { versionsOf } from "./subject-keys.js";

type Domain = ReturnType<typeof testDomain>;

const place = { collection: "people", path: "people/u1" } as const;
const write = (domain: Domain, values: Record<string, unknown>) =>
  sealDocument(domain, { ...place, subject: "u1", values });
const read = (domain: Domain, data: Record<string, unknown>) => openDocument(domain, { ...place, data });
const restarted = (domain: Domain): Domain => ({
  ...testDomain({ ...domain.ground, clock: () => domain.time.now }),
  time: domain.time,
  kmsState: domain.kmsState,
});
const startEpoch = (domain: Domain, epoch: number) => domain.ground.epochs.start({ epoch, startedAt: domain.time.now });
const versions = async (domain: Domain, keyClass: "RED" | "AMBER") =>
  versionsOf(await domain.ground.store.find("u1"), keyClass);

test("the first keys are of epoch 1; those of a new subject, of the epoch in force", async () => {
  const domain = testDomain();
  expect((await write(domain, { secret: "x" }))["_ek"]).toBe(1);
  await startEpoch(domain, 2);
  const other = restarted(domain);
  const path = "people/u2";
  const data = await sealDocument(other, { ...place, path, subject: "u2", values: { secret: "x" } });
  expect(data["_ek"]).toBe(2);
});

test("in a new epoch a key is replaced by the next write, class by class, and the old one stays for reading", async () => {
  const domain = testDomain();
  const old = await write(domain, { secret: "old", bio: "old" });
  await startEpoch(domain, 2);
  const other = restarted(domain);
  expect(await read(other, old)).toEqual({ secret: "old", bio: "old" });
  expect(await versions(domain, "RED")).toEqual([1]);
  const data = await write(other, { secret: "new" });
  expect([await versions(domain, "RED"), await versions(domain, "AMBER")]).toEqual([[1, 2], [1]]);
  expect(data["_ek"]).toBe(2);
  expect([await read(other, data), await read(other, old)]).toEqual([{ secret: "new" }, { secret: "old", bio: "old" }]);
});

test("nobody writes under the epoch before longer than a key's time and a fifth, however late its key was fetched", async () => {
  const domain = testDomain();
  await write(domain, { theme: "x", bio: "x" });
  await startEpoch(domain, 2);
  const began = domain.time.now;
  domain.time.now = began + config.keys.cacheMs * 0.19;
  await write(domain, { secret: "under the epoch as it was known" });
  expect(await versions(domain, "RED")).toEqual([1]);
  domain.time.now = began + config.keys.cacheMs * 1.19;
  expect((await write(domain, { secret: "x" }))["_ek"]).toBe(2);
});

test("skips the epochs in which a subject wrote nothing", async () => {
  const domain = testDomain();
  await write(domain, { secret: "x" });
  for (const epoch of [2, 3, 4]) expect(await startEpoch(domain, epoch)).toBe(true);
  await write(restarted(domain), { secret: "x" });
  expect(await versions(domain, "RED")).toEqual([1, 4]);
});

test("two instances that replace a key at once agree on one", async () => {
  const domain = testDomain();
  await write(domain, { secret: "x" });
  await startEpoch(domain, 2);
  const instances = [restarted(domain), restarted(domain), restarted(domain)];
  const written = await Promise.all(instances.map((instance, index) => write(instance, { secret: String(index) })));
  const reader = restarted(domain);
  for (const [index, data] of written.entries()) expect(await read(reader, data)).toEqual({ secret: String(index) });
  expect(await versions(domain, "RED")).toEqual([1, 2]);
});

test("an instance that has not heard of the epoch goes on with the newest key there is", async () => {
  const domain = testDomain();
  const behind = restarted(domain);
  await write(behind, { bio: "x" });
  await startEpoch(domain, 2);
  await write(restarted(domain), { secret: "x" });
  expect((await write(behind, { secret: "y" }))["_ek"]).toBe(2);
});

test("the epoch is read once for many writers, and again after a fifth of the keys' time", async () => {
  let reads = 0;
  const counting = testDomain();
  const epochs = { ...counting.ground.epochs, find: () => ((reads += 1), counting.ground.epochs.find()) };
  const domain = testDomain({ ...counting.ground, epochs, clock: () => counting.time.now });
  const touch = (subject: string) =>
    sealDocument(domain, { ...place, path: `people/${subject}`, subject, values: { secret: "x" } });
  await Promise.all(["a", "b", "c"].map(touch));
  await touch("d");
  expect(reads).toBe(1);
  counting.time.now += config.keys.cacheMs / 5;
  await touch("e");
  expect(reads).toBe(2);
});

test("when the epoch cannot be read nothing is written, and reading goes on", async () => {
  const sound = testDomain();
  const data = await write(sound, { secret: "x" });
  const epochs = { ...sound.ground.epochs, find: () => Promise.reject(new Error("unavailable")) };
  const domain = testDomain({ ...sound.ground, epochs });
  await expect(write(domain, { secret: "y" })).rejects.toMatchObject({ code: "encryption/keys-unavailable" });
  expect(await read(domain, data)).toEqual({ secret: "x" });
});

describe("who may only add to existing keys", () => {
  const use = { subject: "u1", class: "RED" } as const;

  test("gets the epoch's key for a subject that has some", async () => {
    const domain = testDomain();
    await write(domain, { bio: "x" });
    await startEpoch(domain, 2);
    const keys = await restarted(domain).dataKeys.warm([use], { create: "existing" });
    expect(keys.find("u1", "RED", undefined)?.id).toBe(2);
  });

  test("makes none for a subject without, and asks KMS for nothing", async () => {
    const domain = testDomain();
    const warming = domain.dataKeys.warm([use], { create: "existing" });
    await expect(warming).rejects.toMatchObject({ code: "encryption/key-missing" });
    expect([domain.kmsState.calls, await domain.ground.store.find("u1")]).toEqual([0, undefined]);
  });

  test("makes none for a subject whose keys are destroyed between the reading and the writing", async () => {
    const domain = testDomain();
    await write(domain, { secret: "x" });
    await startEpoch(domain, 2);
    const { kms, store } = domain.ground;
    const encrypt: typeof kms.encrypt = async (request) => {
      await store.destroy("u1", 0);
      return kms.encrypt(request);
    };
    const sweeper = testDomain({ ...domain.ground, kms: { ...kms, encrypt } });
    const warming = sweeper.dataKeys.warm([use], { create: "existing" });
    await expect(warming).rejects.toMatchObject({ code: "encryption/key-missing" });
    expect(await store.find("u1")).toBe(undefined);
  });
});
