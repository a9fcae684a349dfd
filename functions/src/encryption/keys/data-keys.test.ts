import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { testDomain } from "../encryption.fixture.js";
import { memoryDataKeyStore, type DataKeyStore } from "./data-key-store.js";
import { openDocument } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";
import { rewrapDataKey } from "./wrap-key.js";

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

test("no use, however constant, keeps a key longer than its time after its wrapped form was read", async () => {
  const [domain, start] = [testDomain(), 1_800_000_000_000];
  const data = await write(domain, { secret: "x", bio: "x" });
  const other = restarted(domain);
  await read(other, data);
  await domain.ground.store.destroy("u1", Infinity);
  for (; domain.time.now < start + config.keys.cacheMs * 0.79; domain.time.now += 1_000) {
    await write(other, { secret: "y", bio: "y" });
    await read(other, data);
  }
  domain.time.now = start + config.keys.cacheMs;
  await expect(read(other, data)).rejects.toMatchObject({ code: "encryption/key-missing" });
  await expect(write(other, { secret: "y" })).rejects.toMatchObject({ code: "encryption/key-missing" });
});

test("the time counts from the reading of the wrapped key, however slowly KMS unwraps it", async () => {
  const domain = testDomain();
  const data = await write(domain, { secret: "x" });
  const slow: typeof domain.ground.kms = {
    ...domain.ground.kms,
    decrypt: (request) => {
      domain.time.now += config.keys.cacheMs / 2;
      return domain.ground.kms.decrypt(request);
    },
  };
  const other = testDomain({ ...domain.ground, kms: slow, clock: () => domain.time.now });
  await read(other, data);
  const calls = domain.kmsState.calls;
  domain.time.now += config.keys.cacheMs * 0.29;
  await read(other, data);
  expect(domain.kmsState.calls).toBe(calls);
  domain.time.now += config.keys.cacheMs * 0.21;
  expect(other.dataKeys.cached.find("u1", "RED", 1)).toBe(undefined);
});

test("keys handed out for synchronous use have a moment left, and end with their time", async () => {
  const domain = testDomain();
  const use = { subject: "u1", class: "RED" } as const;
  await domain.dataKeys.warm([use], { create: true });
  while (domain.dataKeys.cached.find("u1", "RED", undefined) !== undefined) domain.time.now += 100;
  domain.time.now -= 100;
  const keys = await domain.dataKeys.warm([use], { create: true });
  expect(domain.kmsState.calls).toBe(1);
  domain.time.now += config.keys.cacheMs * 0.09;
  expect(keys.find("u1", "RED", undefined)?.id).toBe(1);
  domain.time.now += config.keys.cacheMs * 0.12;
  expect(keys.find("u1", "RED", undefined)).toBe(undefined);
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

  test("VAULT is never used past its time, which is short", async () => {
    const domain = testDomain();
    const use = { subject: "u1", class: "VAULT" } as const;
    await domain.dataKeys.warm([use], { create: true });
    domain.time.now += config.keys.vaultCacheMs;
    domain.kmsState.fail = "kms-unavailable";
    await expect(domain.dataKeys.warm([use], { create: true })).rejects.toMatchObject({
      code: "encryption/kms-unavailable",
    });
  });
});

describe("a version of the KMS key", () => {
  const RED = { ring: "red", key: "fields" } as const;
  const AMBER = { ring: "amber", key: "fields" } as const;

  test("that is disabled is refused, and its keys are not used a moment longer than their time, AMBER or not", async () => {
    const domain = testDomain();
    const data = await write(domain, { bio: "amber" });
    domain.kmsState.disable(AMBER, 1);
    domain.time.now += config.keys.cacheMs;
    await expect(read(domain, data)).rejects.toMatchObject({ code: "encryption/kms-refused" });
    domain.kmsState.enable(AMBER, 1);
    expect(await read(domain, data)).toEqual({ bio: "amber" });
  });

  test("is remembered with each key; after a rotation new keys are under the new one, and old ones can still be read", async () => {
    const domain = testDomain();
    const data = await write(domain, { secret: "old" });
    expect(domain.kmsState.rotate(RED)).toBe(2);
    await sealDocument(domain, { collection: "people", path: "people/u2", subject: "u2", values: { secret: "new" } });
    const keks = ["u1", "u2"].map(async (subject) => (await domain.ground.store.find(subject))?.RED?.["1"]?.kek);
    expect(await Promise.all(keks)).toEqual([1, 2]);
    expect(await read(restarted(domain), data)).toEqual({ secret: "old" });
  });

  test("may be destroyed after all keys were wrapped anew, which changes no document", async () => {
    const domain = testDomain();
    const data = await write(domain, { secret: "kept" });
    domain.kmsState.rotate(RED);
    const old = (await domain.ground.store.find("u1"))?.RED?.["1"];
    const place = { subject: "u1", keyClass: "RED", version: 1 } as const;
    const next = await rewrapDataKey(domain.ground.kms, place, old?.wrapped ?? Buffer.alloc(0));
    const change = { class: "RED", version: 1, before: old?.wrapped ?? Buffer.alloc(0), ...next } as const;
    expect([next.kek, await domain.ground.store.rewrap("u1", [change])]).toEqual([2, 1]);
    domain.kmsState.destroy(RED, 1);
    expect(await read(restarted(domain), data)).toEqual({ secret: "kept" });
  });

  test("that is destroyed too early takes what is under it along: refused, not damaged", async () => {
    const domain = testDomain();
    const data = await write(domain, { secret: "lost" });
    domain.kmsState.rotate(RED);
    domain.kmsState.destroy(RED, 1);
    await expect(read(restarted(domain), data)).rejects.toMatchObject({ code: "encryption/kms-refused" });
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

  test("do not come back by a write that was under way; much later there are new ones, and old tokens stay closed", async () => {
    const domain = testDomain();
    const data = await write(domain, { secret: "gone" });
    await domain.dataKeys.destroy("u1");
    await expect(write(restarted(domain), { secret: "late" })).rejects.toMatchObject({
      code: "encryption/key-missing",
    });
    domain.time.now += config.keys.goneMs;
    await write(domain, { secret: "new" });
    await expect(read(domain, data)).rejects.toMatchObject({ code: "encryption/undecryptable" });
  });

  test("end the keys that were handed out for synchronous use, too", async () => {
    const domain = testDomain();
    const keys = await domain.dataKeys.warm([{ subject: "u1", class: "RED" }], { create: true });
    expect(keys.find("u1", "RED", undefined)?.id).toBe(1);
    await domain.dataKeys.destroy("u1");
    expect(keys.find("u1", "RED", undefined)).toBe(undefined);
  });

  /** A store whose readers wait, with what they have read, until they are let go. */
  const slowStore = () => {
    const store = memoryDataKeyStore();
    const waiting: (() => void)[] = [];
    const state = { slow: false, release: () => waiting.splice(0).forEach((go) => go()) };
    const find: DataKeyStore["find"] = async (subject) => {
      const keys = await store.find(subject);
      if (state.slow) await new Promise<void>((resolve) => waiting.push(resolve));
      return keys;
    };
    return { store: { ...store, find }, state };
  };

  test("are in no cache when they were being fetched meanwhile, and nobody joins that fetch afterwards", async () => {
    const { store, state } = slowStore();
    const first = testDomain({ store });
    const data = await write(first, { secret: "gone" });
    const domain = restarted(first);
    state.slow = true;
    const early = read(domain, data);
    await new Promise(setImmediate);
    await domain.dataKeys.destroy("u1");
    const late = read(domain, data);
    late.catch(() => undefined);
    await new Promise(setImmediate);
    state.slow = false;
    state.release();
    expect(await early).toEqual({ secret: "gone" });
    await expect(late).rejects.toMatchObject({ code: "encryption/key-missing" });
    expect(domain.dataKeys.cached.find("u1", "RED", 1)).toBe(undefined);
    await expect(read(domain, data)).rejects.toMatchObject({ code: "encryption/key-missing" });
  });

  test("are forgotten here even when nobody can say whether the database has deleted them", async () => {
    const store = memoryDataKeyStore();
    const failing: DataKeyStore = { ...store, destroy: () => Promise.reject(new Error("deadline")) };
    const domain = testDomain({ store: failing });
    await write(domain, { secret: "x" });
    await expect(domain.dataKeys.destroy("u1")).rejects.toMatchObject({ code: "encryption/keys-unavailable" });
    expect(domain.dataKeys.cached.find("u1", "RED", 1)).toBe(undefined);
  });
});

test("a wrapped key that was moved to another subject is refused", async () => {
  const domain = testDomain();
  await write(domain, { secret: "x" });
  const mine = await domain.ground.store.find("u1");
  await domain.ground.store.addVersion("u2", 1, {
    RED: mine?.RED?.["1"] ?? { wrapped: randomBytes(60), createdAt: 0, kek: 1 },
  });
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
