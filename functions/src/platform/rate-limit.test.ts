import { expect, test } from "@jest/globals";
import type { Limit } from "../kernel/limits.js";
import { MINUTE } from "../kernel/time.js";
import { memoryPermitStore } from "./permit-store.js";
import { rateLimiter } from "./rate-limit.js";

const limit: Limit = { permits: 1, perMs: MINUTE, by: "account", store: "shared", whenDown: "refuse" };

test("a subject that was refused costs the store nothing until its time comes", async () => {
  let asked = 0;
  let now = 0;
  const inner = memoryPermitStore();
  const permits = { take: (...args: Parameters<typeof inner.take>) => ((asked += 1), inner.take(...args)) };
  const take = rateLimiter({ permits, clock: () => now });
  await take("call", limit, "ann");
  for (let time = 0; time < 100; time += 1)
    await expect(take("call", limit, "ann")).rejects.toMatchObject({ code: "request/too-many" });
  expect(asked).toBe(2);
  now = MINUTE;
  await take("call", limit, "ann");
});

test("when the store is down, a limit refuses or allows as its row says", async () => {
  const permits = { take: () => Promise.reject(new Error("down")) };
  const take = rateLimiter({ permits, clock: () => 0 });
  await expect(take("call", limit, "ann")).rejects.toMatchObject({ code: "request/unavailable" });
  await expect(take("call", { ...limit, whenDown: "allow" }, "ann")).resolves.toBeUndefined();
});

test("one subject's flood does not count against another, nor one call's against the next", async () => {
  const take = rateLimiter({ permits: memoryPermitStore(), clock: () => 0 });
  await take("call", limit, "ann");
  await take("call", limit, "bob");
  await take("other", limit, "ann");
  await expect(take("call", limit, "ann")).rejects.toMatchObject({ code: "request/too-many" });
});
