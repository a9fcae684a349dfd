import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../kernel/random.js";
import { proofKey, type NonceStore } from "./nonce-store.js";

/** What every store of nonces must do. */
export const nonceStoreContract = (name: string, store: () => NonceStore): void => {
  const fresh = () => proofKey({ jkt: randomId(systemRandom), jti: randomId(systemRandom) });
  const until = Date.UTC(2027, 0, 1);

  describe(`a nonce (${name})`, () => {
    test("is spent once", async () => {
      const key = fresh();
      expect(await store().spend(key, until)).toBe(true);
      expect(await store().spend(key, until)).toBe(false);
      expect(await store().spend(key, until + 1)).toBe(false);
      expect(await store().spend(fresh(), until)).toBe(true);
    });

    test("is spent by exactly one of 100 that race for it, 20 times over", async () => {
      for (let round = 0; round < 20; round += 1) {
        const key = fresh();
        const won = await Promise.all(Array.from({ length: 100 }, () => store().spend(key, until)));
        expect(won.filter(Boolean)).toHaveLength(1);
      }
    }, 120_000);
  });
};

/** The key keeps apart what must be apart. */
export const proofKeyContract = (): void => {
  test("two devices may draw the same id, one device may not", () => {
    expect(proofKey({ jkt: "a", jti: "1" })).not.toBe(proofKey({ jkt: "b", jti: "1" }));
    expect(proofKey({ jkt: "a", jti: "1" })).toBe(proofKey({ jkt: "a", jti: "1" }));
  });
};
