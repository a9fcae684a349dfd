import { describe, expect, test } from "@jest/globals";
import { versionsOf, type DataKeyStore } from "./data-key-store.js";

const key = (text: string) => ({ wrapped: Buffer.from(text), createdAt: 1 });
const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** What every store of data keys does. `fresh` gives a subject that nobody has used. */
export const dataKeyStoreContract = (name: string, open: () => { store: DataKeyStore; fresh: () => string }): void => {
  describe(`the ${name} store of data keys`, () => {
    const { store, fresh } = open();

    test("knows nothing of a new subject", async () => {
      expect(await store.find(fresh())).toBe(undefined);
    });

    test("keeps the first key of a class, and adds another class beside it", async () => {
      const subject = fresh();
      await store.addFirst(subject, { RED: key("red") });
      const both = await store.addFirst(subject, { AMBER: key("amber"), RED: key("other") });
      expect([textOf(both.RED?.["1"]?.wrapped), textOf(both.AMBER?.["1"]?.wrapped)]).toEqual(["red", "amber"]);
      const stored = await store.find(subject);
      expect([versionsOf(stored, "RED"), versionsOf(stored, "AMBER")]).toEqual([[1], [1]]);
      expect(textOf(stored?.RED?.["1"]?.wrapped)).toBe("red");
    });

    test("lets one of eight racing creators win, and tells all of them who", async () => {
      const subject = fresh();
      const creators = Array.from({ length: 8 }, (_, index) =>
        store.addFirst(
          subject,
          index % 2 === 0 ? { RED: key(String(index)) } : { RED: key(String(index)), AMBER: key("a") },
        ),
      );
      const answers = (await Promise.all(creators)).map((keys) => textOf(keys.RED?.["1"]?.wrapped));
      expect(new Set(answers).size).toBe(1);
      const stored = await store.find(subject);
      expect(textOf(stored?.RED?.["1"]?.wrapped)).toBe(answers[0]);
      expect(versionsOf(stored, "AMBER")).toEqual([1]);
    });

    test("destroys all keys and says how many; again, there are none", async () => {
      const subject = fresh();
      await store.addFirst(subject, { RED: key("red"), AMBER: key("amber") });
      expect(await store.destroy(subject)).toBe(2);
      expect(await store.find(subject)).toBe(undefined);
      expect(await store.destroy(subject)).toBe(0);
    });
  });
};
