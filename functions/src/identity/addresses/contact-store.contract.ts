import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { NOW } from "../identity.fixture.js";
import type { Contact } from "./contacts.js";
import type { ContactStore } from "./contact-store.js";

const contact = (over: Partial<Contact> = {}): Contact => ({
  id: randomId(systemRandom),
  sealed: Buffer.from([1, 2]),
  hash: randomId(systemRandom),
  addedAt: NOW,
  pendingUntil: NOW + 1_000,
  ...over,
});
const by = { limit: 3, now: NOW };

/** What every store of recovery addresses must do. */
export const contactStoreContract = (name: string, store: () => ContactStore): void => {
  describe(`recovery addresses (${name})`, () => {
    test("are kept as they were added, and count when confirmed, once", async () => {
      const uid = randomId(systemRandom);
      expect(await store().list(uid)).toEqual([]);
      const made = contact();
      expect(await store().add(uid, made, by)).toBe("added");
      expect(await store().list(uid)).toEqual([made]);
      expect(await store().confirm(uid, made.id, NOW + 5)).toEqual({ ...made, confirmedAt: NOW + 5 });
      expect(await store().confirm(uid, made.id, NOW + 6)).toBeUndefined();
      expect(await store().add(uid, contact({ hash: made.hash }), by)).toBe("known");
    });

    test("are as many as the limit at most, also when they race", async () => {
      const uid = randomId(systemRandom);
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => store().add(uid, contact(), by)));
      expect(outcomes.filter((each) => each === "added")).toHaveLength(3);
      expect(await store().list(uid)).toHaveLength(3);
    });

    test("that were never confirmed give way: to the same address at once, to others when their time is over", async () => {
      const uid = randomId(systemRandom);
      const first = contact();
      await store().add(uid, first, { limit: 1, now: NOW });
      const again = contact({ hash: first.hash, pendingUntil: NOW + 2_000 });
      expect(await store().add(uid, again, { limit: 1, now: NOW })).toBe("added");
      expect(await store().add(uid, contact(), { limit: 1, now: NOW + 1_999 })).toBe("full");
      expect(await store().add(uid, contact(), { limit: 1, now: NOW + 2_000 })).toBe("added");
      expect(await store().confirm(uid, again.id, NOW)).toBeUndefined();
    });

    test("are removed once", async () => {
      const uid = randomId(systemRandom);
      const made = contact();
      await store().add(uid, made, by);
      expect(await store().remove(uid, made.id)).toEqual(made);
      expect(await store().remove(uid, made.id)).toBeUndefined();
      expect(await store().list(uid)).toEqual([]);
    });
  });
};
