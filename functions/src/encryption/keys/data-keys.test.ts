import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { testDomain } from "../encryption.fixture.js";
import { openDocument } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";

type Domain = ReturnType<typeof testDomain>;

const place = { collection: "people", path: "people/u1" } as const;
const write = (domain: Domain, values: Record<string, unknown>) =>
  sealDocument(domain, { ...place, subject: "u1", values });
const read = (domain: Domain, data: Record<string, unknown>) => openDocument(domain, { ...place, data });

/** Another instance of the function over the same database and KMS: nothing in memory. */
const restarted = (domain: Domain): Domain => {
  const other = testDomain({ ...domain.ground, clock: () => domain.time.now });
  return { ...other, time: domain.time, kmsState: domain.kmsState };
};

const ten = {
  secret: "1",
  other: "2",
  tags: ["3"],
  bio: "4",
  height: 5,
  active: true,
  prefs: { a: 7 },
  blob: Buffer.of(8),
  theme: "9",
  score: 10,
};

test("a ten-field write costs two KMS calls when cold (a key for RED, one for AMBER) and none when warm", async () => {
  const domain = testDomain();
  await write(domain, ten);
  expect(domain.kmsState.calls).toBe(2);
  await write(domain, ten);
  expect(domain.kmsState.calls).toBe(2);
  const other = restarted(domain);
  const data = await write(other, ten);
  expect(domain.kmsState.calls).toBe(4);
  expect(await read(other, data)).toEqual(ten);
  expect(domain.kmsState.calls).toBe(4);
});

test("200 writes that miss at once make one KMS call", async () => {
  const domain = testDomain();
  await write(domain, { secret: "first" });
  const other = restarted(domain);
  domain.kmsState.calls = 0;
  await Promise.all(Array.from({ length: 200 }, () => write(other, { secret: "x" })));
  expect(domain.kmsState.calls).toBe(1);
});

test("200 first writes at once make one key with one KMS call", async () => {
  const domain = testDomain();
  const written = await Promise.all(
    Array.from({ length: 200 }, (_, index) => write(domain, { secret: String(index) })),
  );
  expect(domain.kmsState.calls).toBe(1);
  expect(await read(restarted(domain), written[199] ?? {})).toEqual({ secret: "199" });
});

test("two instances that make the first key at once agree on one", async () => {
  const domain = testDomain();
  const instances = [domain, restarted(domain), restarted(domain), restarted(domain)];
  const written = await Promise.all(instances.map((instance, index) => write(instance, { secret: String(index) })));
  const reader = restarted(domain);
  for (const [index, data] of written.entries()) expect(await read(reader, data)).toEqual({ secret: String(index) });
});

test("a key is fetched again after its time, which jitter shortens by up to a fifth, and after its uses", async () => {
  const domain = testDomain();
  await write(domain, { secret: "x" });
  domain.time.now += config.keys.cacheMs * 0.79;
  await write(domain, { secret: "x" });
  expect(domain.kmsState.calls).toBe(1);
  domain.time.now += config.keys.cacheMs * 0.21;
  await write(domain, { secret: "x" });
  expect(domain.kmsState.calls).toBe(2);
  const few = testDomain({ limits: { ...config.keys, maxUses: 3 } });
  for (let index = 0; index < 7; index += 1) await write(few, { secret: "x" });
  expect(few.kmsState.calls).toBe(3);
});

test("holds no more subjects than it may, and drops one that was not used again", async () => {
  const domain = testDomain({ limits: { ...config.keys, cacheEntries: 2 } });
  const touch = (subject: string) =>
    sealDocument(domain, { collection: "people", path: `people/${subject}`, subject, values: { bio: "x" } });
  for (const subject of ["a", "b", "a", "c", "a"]) await touch(subject);
  expect(domain.kmsState.calls).toBe(3);
  await touch("b");
  expect(domain.kmsState.calls).toBe(4);
});

describe("while KMS is down", () => {
  const expired = async () => {
    const domain = testDomain();
    const data = await write(domain, { secret: "red", bio: "amber" });
    domain.time.now += config.keys.cacheMs;
    domain.kmsState.fail = "kms-unavailable";
    const tokens = data["_e"] as Record<string, unknown>;
    return { domain, red: { _e: { secret: tokens["secret"] } }, amber: { _e: { bio: tokens["bio"] } } };
  };

  test("RED fails closed once its cached key is over its time", async () => {
    const { domain, red } = await expired();
    await expect(read(domain, red)).rejects.toMatchObject({ code: "encryption/kms-unavailable" });
    await expect(write(domain, { secret: "x" })).rejects.toMatchObject({ code: "encryption/kms-unavailable" });
  });

  test("AMBER goes on with the cached key for an hour, asking KMS at most every ten seconds, then fails too", async () => {
    const { domain, amber } = await expired();
    domain.kmsState.calls = 0;
    for (let index = 0; index < 50; index += 1) expect(await read(domain, amber)).toEqual({ bio: "amber" });
    expect(domain.kmsState.calls).toBe(1);
    domain.time.now += config.keys.retryMs;
    expect(await read(domain, amber)).toEqual({ bio: "amber" });
    expect(domain.kmsState.calls).toBe(2);
    domain.time.now += config.keys.staleMs;
    await expect(read(domain, amber)).rejects.toMatchObject({ code: "encryption/kms-unavailable" });
  });

  test("both work again as soon as KMS does", async () => {
    const { domain, red, amber } = await expired();
    await expect(read(domain, red)).rejects.toThrow();
    domain.kmsState.fail = undefined;
    expect(await read(domain, red)).toEqual({ secret: "red" });
    expect(await read(domain, amber)).toEqual({ bio: "amber" });
  });

  test("a key that KMS refuses, because it was disabled, is not used a moment longer, AMBER or not", async () => {
    const { domain, amber } = await expired();
    domain.kmsState.fail = "kms-refused";
    await expect(read(domain, amber)).rejects.toMatchObject({ code: "encryption/kms-refused" });
  });
});

describe("destroyed keys", () => {
  test("leave what was encrypted unreadable, here at once and on others when their copies end", async () => {
    const domain = testDomain();
    const data = await write(domain, { secret: "gone", bio: "gone" });
    const other = restarted(domain);
    await read(other, data);
    expect(await domain.dataKeys.destroy("u1")).toBe(2);
    await expect(read(domain, data)).rejects.toMatchObject({ code: "encryption/key-missing" });
    expect(await read(other, data)).toEqual({ secret: "gone", bio: "gone" });
    domain.time.now += config.keys.cacheMs;
    await expect(read(other, data)).rejects.toMatchObject({ code: "encryption/key-missing" });
  });

  test("do not come back by a later write: its keys are new, and old tokens stay closed", async () => {
    const domain = testDomain();
    const data = await write(domain, { secret: "gone" });
    await domain.dataKeys.destroy("u1");
    await write(domain, { secret: "new" });
    await expect(read(domain, data)).rejects.toMatchObject({ code: "encryption/undecryptable" });
  });
});

test("a wrapped key that was moved to another subject is refused", async () => {
  const domain = testDomain();
  await write(domain, { secret: "x" });
  const mine = await domain.ground.store.find("u1");
  await domain.ground.store.addFirst("u2", { RED: mine?.RED?.["1"] ?? { wrapped: randomBytes(60), createdAt: 0 } });
  const moved = sealDocument(domain, {
    collection: "people",
    path: "people/u2",
    subject: "u2",
    values: { secret: "x" },
  });
  await expect(moved).rejects.toMatchObject({ code: "encryption/kms-refused" });
});

test.each(["", "a/b", ".", "..", "__x__", "x".repeat(300)])(
  "refuses the subject %j, which names no document",
  async (subject) => {
    const warming = testDomain().dataKeys.warm([{ subject, class: "RED" }], { create: true });
    await expect(warming).rejects.toMatchObject({ code: "encryption/subject-missing" });
  },
);
