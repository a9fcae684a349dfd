import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { NOW } from "../identity.fixture.js";
import type { OutboxItem, OutboxStore } from "./outbox-store.js";

const item = (over: Partial<OutboxItem> = {}): OutboxItem => ({
  id: randomId(systemRandom),
  uid: "ann",
  kind: "factor-added",
  at: NOW,
  state: "pending",
  attempts: 0,
  dueAt: NOW,
  content: Buffer.from([1, 2, 3]),
  done: {},
  ...over,
});

/** What every outbox must do. */
export const outboxStoreContract = (name: string, store: () => OutboxStore): void => {
  const added = async (over: Partial<OutboxItem> = {}) => {
    const made = item(over);
    await store().add(made);
    return made;
  };
  const lease = { now: NOW, until: NOW + 1_000 };

  describe(`an outbox (${name})`, () => {
    test("keeps a mail as it is, once by its id", async () => {
      const made = item();
      expect(await store().add(made)).toBe(true);
      expect(await store().add({ ...made, kind: "another" })).toBe(false);
      expect(await store().find(made.id)).toEqual(made);
    });

    test("gives a mail to one worker at a time, whoever races for it", async () => {
      const { id } = await added();
      const claims = await Promise.all(Array.from({ length: 10 }, () => store().claim(id, lease)));
      expect(claims.filter((each) => each !== undefined)).toHaveLength(1);
      expect(await store().claim(id, { now: NOW + 999, until: NOW + 5_000 })).toBeUndefined();
      expect(await store().claim(id, { now: NOW + 1_000, until: NOW + 5_000 })).toMatchObject({ id });
    });

    test("notes each address, and gives the mail back with what is noted", async () => {
      const { id } = await added();
      await store().claim(id, lease);
      await store().confirm(id, "key.with/odd`signs", "accepted");
      await store().confirm(id, "other", "refused");
      await store().release(id, { attempts: 1, dueAt: NOW + 20_000 });
      expect(await store().claim(id, lease)).toMatchObject({
        attempts: 1,
        done: { "key.with/odd`signs": "accepted", other: "refused" },
      });
    });

    test("keeps of a settled mail neither what it said nor to whom", async () => {
      const { id, content, dueAt, ...rest } = await added();
      expect(content).toBeDefined();
      expect(dueAt).toBeDefined();
      await store().claim(id, lease);
      await store().confirm(id, "k", "accepted");
      await store().settle(id, { state: "sent", accepted: 1, refused: 0 });
      expect(await store().find(id)).toEqual({ ...rest, id, state: "sent", accepted: 1, refused: 0 });
      expect(await store().claim(id, { now: NOW + 9_000, until: NOW + 9_999 })).toBeUndefined();
    });

    test("lists what is due and pending, the limit at most", async () => {
      const late = await added({ dueAt: NOW - 100 });
      const future = await added({ dueAt: NOW + 100_000 });
      const settled = await added({ dueAt: NOW - 100 });
      await store().settle(settled.id, { state: "dead", accepted: 0, refused: 0 });
      const due = await store().listDue(NOW - 50, 500);
      expect(due).toContain(late.id);
      expect(due).not.toContain(future.id);
      expect(due).not.toContain(settled.id);
      expect(await store().listDue(NOW + 1_000_000, 1)).toHaveLength(1);
      await store().settle(late.id, { state: "dead", accepted: 0, refused: 0 });
    });

    test("minds no mail that was erased under way", async () => {
      await expect(store().confirm("none", "k", "accepted")).resolves.toBeUndefined();
      await expect(store().release("none", { attempts: 1, dueAt: NOW })).resolves.toBeUndefined();
      await expect(store().settle("none", { state: "sent", accepted: 0, refused: 0 })).resolves.toBeUndefined();
      expect(await store().claim("none", lease)).toBeUndefined();
    });
  });
};
