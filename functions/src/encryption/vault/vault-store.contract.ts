import { describe, expect, test } from "@jest/globals";
import { MINUTE } from "../../kernel/time.js";
import { approve, cancel, open, release, type LiveRequest } from "./vault-request.js";
import type { VaultStore } from "./vault-store.js";
import { fresh } from "./vault.fixture.js";

const NOW = 1_800_000_000_000;
const NO_RECORD = { addTo: () => undefined };

const request = (over: Partial<LiveRequest> = {}): LiveRequest => ({
  id: fresh(),
  uid: "ann",
  collection: "people",
  path: "people/ann",
  fields: ["scan"],
  purpose: "legal-claim",
  legalBasis: "legal-obligation",
  reason: "The court asks for it.",
  requestedBy: "olga",
  requestedAt: NOW,
  expiresAt: NOW + MINUTE,
  state: "requested",
  ...over,
});

/** What every store of vault requests must do, whatever it stands on. */
export const vaultStoreContract = (name: string, made: () => VaultStore): void => {
  describe(`vault store: ${name}`, () => {
    test("keeps a request as it is", async () => {
      const [store, asked] = [made(), request()];
      await store.add(asked, NO_RECORD);
      expect(await store.find(asked.id)).toEqual(asked);
      expect(await store.find(fresh())).toBe(undefined);
    });

    test("takes a step with its record, or neither", async () => {
      const [store, asked] = [made(), request()];
      const kept: string[] = [];
      await store.add(asked, NO_RECORD);
      const apply = (by: string) =>
        store.apply(asked.id, (now) => approve(now, { uid: by, at: NOW }, MINUTE), { addTo: () => void kept.push(by) });
      expect(await apply("olga")).toEqual({ refused: "own" });
      expect(kept).toEqual([]);
      const approval = { state: "approved", decidedBy: "omar", decidedAt: NOW, opensUntil: NOW + MINUTE };
      expect(await apply("omar")).toEqual({ done: { ...asked, ...approval } });
      expect(kept).toEqual(["omar"]);
      expect(await store.find(asked.id)).toEqual({ ...asked, ...approval });
      expect(await store.apply(fresh(), (now) => approve(now, { uid: "omar", at: NOW }, MINUTE), NO_RECORD)).toEqual({
        refused: "unknown",
      });
    });

    test("lets one of an opening and a cancellation through, and no opening twice", async () => {
      const store = made();
      const asked = request({ state: "approved", decidedBy: "omar", decidedAt: NOW, opensUntil: NOW + MINUTE });
      await store.add(asked, NO_RECORD);
      const openings = [1, 2, 3].map(() =>
        store.apply(asked.id, (now) => open(now, { uid: "olga", at: NOW }, 0), NO_RECORD),
      );
      const stop = store.apply(asked.id, (now) => cancel(now, { uid: "omar", at: NOW }), NO_RECORD);
      const outcomes = await Promise.all([...openings, stop]);
      expect(outcomes.filter((outcome) => "done" in outcome)).toHaveLength(1);
      expect(["opened", "cancelled"]).toContain((await store.find(asked.id))?.state);
    });

    test("lists newest first, page by page", async () => {
      const store = made();
      const later = NOW + 10_000_000_000;
      const asked = [3, 1, 2].map((count) => request({ requestedAt: later + count }));
      for (const each of asked) await store.add(each, NO_RECORD);
      const times = async (page: { limit: number; before?: number }) =>
        (await store.list(page)).map(({ requestedAt }) => requestedAt - later);
      expect(await times({ limit: 2 })).toEqual([3, 2]);
      expect(await times({ limit: 1, before: later + 2 })).toEqual([1]);
    });

    test("finds the silent ones whose silence is over, and forgets them when they are told", async () => {
      const store = made();
      const asked = request({ state: "opened", openedAt: NOW, silent: "authority-order", hiddenUntil: NOW + 1 });
      await store.add(asked, NO_RECORD);
      const overdue = async (now: number) => (await store.overdue(now, 50)).map(({ id }) => id);
      expect(await overdue(NOW)).not.toContain(asked.id);
      expect(await overdue(NOW + 1)).toContain(asked.id);
      await store.apply(asked.id, (now) => release(now, NOW + 1), NO_RECORD);
      expect(await overdue(NOW + 1)).not.toContain(asked.id);
      expect(await store.find(asked.id)).toEqual(
        request({ id: asked.id, state: "opened", openedAt: NOW, silent: "authority-order", toldAt: NOW + 1 }),
      );
    });
  });
};
