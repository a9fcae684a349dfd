import { describe, expect, test } from "@jest/globals";
import type { DataKeyStore, KeyCursor, KeySweep } from "./data-key-store.js";
import { versionsOf, type WrappedKey } from "./subject-keys.js";

const key = (text: string, kek = 1): WrappedKey => ({ wrapped: Buffer.from(text), createdAt: 1, kek });
const GONE = 1_000;
const textOf = (wrapping: WrappedKey | undefined): string => Buffer.from(wrapping?.wrapped ?? []).toString();

/** What every store of data keys does. `fresh` gives a subject that nobody has used; `kek` numbers are the test's own. */
export const dataKeyStoreContract = (name: string, open: () => { store: DataKeyStore; fresh: () => string }): void => {
  describe(`the ${name} store of data keys`, () => {
    const { store, fresh } = open();

    test("knows nothing of a new subject", async () => {
      expect(await store.find(fresh())).toBe(undefined);
    });

    test("keeps the first key of a version, and adds another class and another version beside it", async () => {
      const subject = fresh();
      await store.addVersion(subject, 1, { RED: key("red") });
      const both = await store.addVersion(subject, 1, { "AMBER@us-east1": key("amber"), RED: key("other") });
      expect([textOf(both?.RED?.["1"]), textOf(both?.["AMBER@us-east1"]?.["1"])]).toEqual(["red", "amber"]);
      await store.addVersion(subject, 3, { RED: key("third", 2) });
      const stored = await store.find(subject);
      expect([versionsOf(stored, "RED"), versionsOf(stored, "AMBER@us-east1")]).toEqual([[1, 3], [1]]);
      expect(stored?.RED?.["3"]).toMatchObject({ createdAt: 1, kek: 2 });
      expect([textOf(stored?.RED?.["1"]), textOf(stored?.RED?.["3"])]).toEqual(["red", "third"]);
      expect(Object.keys(stored ?? {}).sort()).toEqual(["AMBER@us-east1", "RED"]);
    });

    test("lets one of eight racing creators win, and tells all of them who", async () => {
      const subject = fresh();
      const creators = Array.from({ length: 8 }, (_, index) =>
        store.addVersion(
          subject,
          2,
          index % 2 === 0 ? { RED: key(String(index)) } : { RED: key(String(index)), AMBER: key("a") },
        ),
      );
      const answers = (await Promise.all(creators)).map((keys) => textOf(keys?.RED?.["2"]));
      expect(new Set(answers).size).toBe(1);
      const stored = await store.find(subject);
      expect(textOf(stored?.RED?.["2"])).toBe(answers[0]);
      expect(versionsOf(stored, "AMBER")).toEqual([2]);
    });

    test("puts a new wrapping in the place of the one that was read, and of no other", async () => {
      const subject = fresh();
      await store.addVersion(subject, 1, { RED: key("old"), AMBER: key("old") });
      const change = { version: 1, before: Buffer.from("old"), wrapped: Buffer.from("new"), kek: 2 };
      expect(await store.rewrap(subject, [{ ...change, class: "RED" }])).toBe(1);
      expect(await store.rewrap(subject, [{ ...change, class: "RED", kek: 9 }])).toBe(0);
      const both = ["RED", "AMBER"].map((keyClass) => ({ ...change, class: keyClass as "RED" | "AMBER" }));
      expect(await store.rewrap(subject, both)).toBe(1);
      const stored = await store.find(subject);
      expect(stored?.RED?.["1"]).toMatchObject({ createdAt: 1, kek: 2 });
      expect([textOf(stored?.RED?.["1"]), textOf(stored?.AMBER?.["1"])]).toEqual(["new", "new"]);
    });

    test("does not bring a destroyed subject back by wrapping its keys anew", async () => {
      const subject = fresh();
      await store.addVersion(subject, 1, { RED: key("old") });
      await store.destroy(subject, GONE);
      const change = { version: 1, before: Buffer.from("old"), wrapped: Buffer.from("new"), kek: 2 } as const;
      expect(await store.rewrap(subject, [{ ...change, class: "RED" }])).toBe(0);
      expect(await store.find(subject)).toBe(undefined);
    });

    test("retires versions below one, classes that are left without any, and at last the subject", async () => {
      const subject = fresh();
      await store.addVersion(subject, 1, { RED: key("1"), AMBER: key("1") });
      await store.addVersion(subject, 2, { RED: key("2") });
      expect(await store.retire(subject, 1)).toBe(0);
      expect(await store.retire(subject, 2)).toBe(2);
      expect(await store.find(subject)).toEqual({ RED: { 2: { ...key("2"), wrapped: Buffer.from("2") } } });
      expect(await store.retire(subject, 3)).toBe(1);
      expect(await store.find(subject)).toBe(undefined);
    });

    test("destroys all keys and says how many; again, there are none", async () => {
      const subject = fresh();
      await store.addVersion(subject, 1, { RED: key("red"), AMBER: key("amber"), VAULT: key("vault") });
      await store.addVersion(subject, 2, { RED: key("red") });
      expect(await store.destroy(subject, GONE)).toBe(4);
      expect(await store.find(subject)).toBe(undefined);
      expect(await store.destroy(subject, GONE)).toBe(0);
    });

    test("adds no key that was made before the destroyed ones may come back, and adds one that was made after", async () => {
      const subject = fresh();
      await store.destroy(subject, GONE);
      const late = (createdAt: number) => store.addVersion(subject, 2, { RED: { ...key("new"), createdAt } });
      expect(await late(GONE - 1)).toBe(undefined);
      expect(await store.find(subject)).toBe(undefined);
      expect(versionsOf(await late(GONE), "RED")).toEqual([2]);
      expect(versionsOf(await late(GONE - 1), "RED")).toEqual([2]);
      expect(Object.keys((await store.find(subject)) ?? {})).toEqual(["RED"]);
    });

    test("of a destruction and eight creators at once, the destruction wins over whoever comes after it", async () => {
      const subject = fresh();
      await store.addVersion(subject, 1, { RED: key("red") });
      const creators = Array.from({ length: 8 }, (_, index) =>
        store.addVersion(subject, 2 + index, { RED: key("new") }),
      );
      await Promise.all([...creators, store.destroy(subject, GONE)]);
      expect(await store.find(subject)).toBe(undefined);
      expect(await store.addVersion(subject, 20, { RED: key("new") })).toBe(undefined);
    });

    test("adds nothing to a subject without keys when it may only add to existing ones", async () => {
      const subject = fresh();
      expect(await store.addVersion(subject, 2, { RED: key("new") }, { existing: true })).toBe(undefined);
      expect(await store.find(subject)).toBe(undefined);
      await store.addVersion(subject, 1, { AMBER: key("old") });
      const both = await store.addVersion(subject, 2, { RED: key("new") }, { existing: true });
      expect([versionsOf(both, "AMBER"), versionsOf(both, "RED")]).toEqual([[1], [2]]);
    });

    test("counts and pages through whom a sweep has to work on, and finds nobody twice who was worked on", async () => {
      const keyClass = `VAULT@test-${fresh().toLowerCase()}` as const;
      const sweep: KeySweep = { by: "kek", class: keyClass, below: 5 };
      const subjects = [fresh(), fresh(), fresh(), fresh(), fresh()];
      for (const [index, subject] of subjects.entries())
        await store.addVersion(subject, 1, { [keyClass]: key("old", index === 4 ? 5 : 1 + (index % 2)) });
      expect(await store.count(sweep)).toBe(4);
      const seen: string[] = [];
      let after: KeyCursor | undefined;
      do {
        const page = await store.page(sweep, { limit: 3, ...(after !== undefined && { after }) });
        seen.push(...page.rows.map((row) => row.subject));
        for (const { subject, keys } of page.rows) {
          expect(versionsOf(keys, keyClass)).toEqual([1]);
          const wrapped = Buffer.from("new");
          await store.rewrap(subject, [{ class: keyClass, version: 1, before: Buffer.from("old"), wrapped, kek: 5 }]);
        }
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual([0, 2, 1, 3].map((index) => subjects[index]));
      expect([await store.count(sweep), (await store.page(sweep, { limit: 3 })).rows]).toEqual([0, []]);
    });

    test("finds a subject by its lowest data-key version, until that is retired", async () => {
      const [subject, before] = [fresh(), await store.count({ by: "low", below: 4 })];
      const all = await store.count();
      await store.addVersion(subject, 3, { AMBER: key("3") });
      await store.addVersion(subject, 4, { AMBER: key("4") });
      expect([await store.count({ by: "low", below: 4 }), await store.count()]).toEqual([before + 1, all + 1]);
      await store.retire(subject, 4);
      expect([await store.count({ by: "low", below: 4 }), await store.count()]).toEqual([before, all + 1]);
    });
  });
};
