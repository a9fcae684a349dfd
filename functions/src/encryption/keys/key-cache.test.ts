import { expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { dataKey, type DataKey } from "./data-key.js";
import { keyCache, type CacheLimits } from "./key-cache.js";
import type { KeyClass } from "./key-class.js";

const open = (limits: Partial<CacheLimits> = {}, random = () => 0.5) => {
  const time = { now: 1_800_000_000_000 };
  const cache = keyCache({ clock: () => time.now, random }, { ...config.keys, ...limits });
  const put = (subject: string, keyClass: KeyClass = "RED", id = 1, isCurrent = true): DataKey => {
    const key = dataKey({ id, readAt: time.now, ...cache.lifeFrom(time.now, keyClass) }, Buffer.alloc(32, id));
    cache.put(subject, keyClass, key, isCurrent);
    return key;
  };
  return { cache, time, put };
};

test.each([0, 0.5, 0.999_999])(
  "with jitter %d a key is fetched again in the last fifth of its time, never in the last tenth",
  (jitter) => {
    const { cache, time } = open({}, () => jitter);
    const { freshUntil, endsAt } = cache.lifeFrom(time.now, "RED");
    expect(endsAt).toBe(time.now + config.keys.cacheMs);
    expect(freshUntil).toBeGreaterThanOrEqual(endsAt - config.keys.cacheMs * 0.2);
    expect(freshUntil).toBeLessThanOrEqual(endsAt - config.keys.cacheMs * 0.1);
  },
);

// The clock goes back to look: what had only expired would be found again, what has left the memory is not.
test("keys that nothing may use any more leave the memory; AMBER's when not even an outage would keep them", () => {
  const { cache, time, put } = open();
  const start = time.now;
  put("red", "RED");
  put("amber", "AMBER");
  time.now = start + config.keys.cacheMs;
  put("other");
  time.now = start;
  expect([cache.fresh("red", "RED", 1), cache.fresh("amber", "AMBER", 1)?.id]).toEqual([undefined, 1]);
  time.now = start + config.keys.cacheMs + config.keys.staleMs;
  put("another");
  time.now = start;
  expect(cache.fresh("amber", "AMBER", 1)).toBe(undefined);
});

test("a key that is not to be written under any more is found by its version, and not as the current one", () => {
  const { cache, put } = open();
  put("u1");
  put("u1", "RED", 1, false);
  expect([cache.fresh("u1", "RED", 1)?.id, cache.fresh("u1", "RED", undefined)]).toEqual([1, undefined]);
  put("u1", "RED", 2);
  expect([cache.fresh("u1", "RED", undefined)?.id, cache.fresh("u1", "RED", 1)?.id]).toEqual([2, 1]);
});

test("a class elsewhere has keys of its own", () => {
  const { cache, put } = open();
  put("u1", "RED@us-east1");
  expect([cache.fresh("u1", "RED", 1), cache.fresh("u1", "RED@us-east1", 1)?.id]).toEqual([undefined, 1]);
});

test("only AMBER is used past its time, wherever its KMS key is", () => {
  const { cache, time, put } = open();
  const classes: readonly KeyClass[] = ["RED", "AMBER", "VAULT", "RED@us-east1", "AMBER@us-east1", "VAULT@us-east1"];
  for (const keyClass of classes) put("u1", keyClass);
  time.now += config.keys.cacheMs;
  expect(classes.filter((keyClass) => cache.stale("u1", keyClass, 1) !== undefined)).toEqual([
    "AMBER",
    "AMBER@us-east1",
  ]);
});

test("keys of VAULT are not kept at all when their time is 0, and whoever asked can still use them", () => {
  const { cache, time, put } = open({ vaultCacheMs: 0 });
  const key = put("u1", "VAULT");
  expect([cache.fresh("u1", "VAULT", 1), key.endsAt > time.now]).toEqual([undefined, true]);
});

test("past its uses a key is fetched again, and no outage bridges that", () => {
  const { cache, time, put } = open({ maxUses: 2 });
  const key = put("u1", "AMBER");
  key.uses = 2;
  expect(cache.fresh("u1", "AMBER", 1)).toBe(undefined);
  time.now += config.keys.cacheMs;
  expect(cache.stale("u1", "AMBER", 1)).toBe(undefined);
});
