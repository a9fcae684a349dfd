import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { NOW } from "../identity.fixture.js";
import type { Challenge, ChallengeStore } from "./challenge-store.js";

const asked = (over: Partial<Challenge> = {}): Challenge => ({
  purpose: "test",
  uid: "ann",
  attempts: 0,
  expiresAt: NOW + 1_000,
  facts: { hash: "h" },
  ...over,
});

/** What every store of challenges must do. */
export const challengeStoreContract = (name: string, store: () => ChallengeStore): void => {
  const put = async (challenge = asked()) => {
    const id = randomId(systemRandom);
    await store().put(id, challenge);
    return id;
  };

  describe(`a challenge (${name})`, () => {
    test("is found as it was put, and its id is taken", async () => {
      const id = await put();
      expect(await store().find(id, NOW)).toEqual(asked());
      await expect(store().put(id, asked())).rejects.toThrow();
    });

    test("is consumed once, whoever races for it", async () => {
      const id = await put();
      const got = await Promise.all(Array.from({ length: 20 }, () => store().consume(id, NOW)));
      expect(got.filter((each) => each !== undefined)).toEqual([asked()]);
      expect(await store().find(id, NOW)).toBeUndefined();
    });

    test("is gone at the moment it expires", async () => {
      const id = await put();
      expect(await store().find(id, NOW + 1_000)).toBeUndefined();
      expect(await store().spendAttempt(id, 5, NOW + 1_000)).toBeUndefined();
      expect(await store().consume(id, NOW + 1_000)).toBeUndefined();
    });

    test("has as many attempts as allowed, also when they race", async () => {
      const id = await put();
      const spent = await Promise.all(Array.from({ length: 12 }, () => store().spendAttempt(id, 5, NOW)));
      const counts = spent.flatMap((each) => each?.attempts ?? []).sort();
      expect(counts).toEqual([1, 2, 3, 4, 5]);
    });

    test("is given its account later, and keeps the attempts it has", async () => {
      const { purpose, attempts, expiresAt, facts } = asked();
      const id = randomId(systemRandom);
      await store().put(id, { purpose, attempts, expiresAt, facts });
      await store().spendAttempt(id, 5, NOW);
      expect(await store().assign(id, "ann", NOW)).toBe(true);
      expect(await store().find(id, NOW)).toEqual(asked({ attempts: 1 }));
      expect(await store().assign(id, "bob", NOW + 1_000)).toBe(false);
    });

    test("that does not exist is neither found, nor tried, nor consumed", async () => {
      const id = randomId(systemRandom);
      expect(await store().find(id, NOW)).toBeUndefined();
      expect(await store().spendAttempt(id, 5, NOW)).toBeUndefined();
      expect(await store().consume(id, NOW)).toBeUndefined();
      expect(await store().assign(id, "ann", NOW)).toBe(false);
    });
  });
};
