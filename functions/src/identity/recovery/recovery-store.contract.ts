import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { randomId, systemRandom } from "../../kernel/random.js";
import { NOW } from "../identity.fixture.js";
import { cancel, finish, open, prove, slotOf, spendAttempt, type OwnRecovery, type Reset } from "./recovery.js";
import type { RecoveryStore } from "./recovery-store.js";

const fresh = (): string => randomId(systemRandom);

export const ownRecovery = (over: Partial<OwnRecovery> = {}): OwnRecovery => ({
  kind: "own",
  uid: "ann",
  round: "round-1",
  state: "open",
  startedAt: NOW,
  expiresAt: NOW + 1_000,
  linkHash: "link",
  attempts: 0,
  lost: { totp: false, passkeys: [] },
  ...over,
});

export const requestedReset = (over: Partial<Reset> = {}): Reset => ({
  kind: "reset",
  uid: "ann",
  round: "round-1",
  state: "requested",
  reason: "Lost the telephone",
  requestedBy: "olga",
  requestedAt: NOW,
  expiresAt: NOW + 1_000,
  lost: { totp: true, passkeys: "all" },
  ...over,
});

/** What every store of recoveries must do. */
export const recoveryStoreContract = (name: string, store: () => RecoveryStore): void => {
  const proof = {
    round: "round-1",
    at: NOW,
    sid: "s",
    evidence: ["link", "passkey"],
    lost: { totp: true, passkeys: "all" },
  } as const;
  const started = async (over: Partial<OwnRecovery> = {}) => {
    const uid = fresh();
    const slot = slotOf("own", uid);
    const recovery = ownRecovery({ uid, ...over });
    expect(await store().apply(slot, (now) => open(now, recovery))).toBe(true);
    return { uid, slot, recovery };
  };

  describe(`a recovery (${name})`, () => {
    test("is found as it was kept", async () => {
      const { slot, recovery } = await started({ codeHash: "code" });
      expect(await store().find(slot)).toEqual(recovery);
      expect(await store().find(slotOf("reset", recovery.uid))).toBeUndefined();
    });

    test("gives way to a newer one as a whole: nothing of the older stays", async () => {
      const { uid, slot } = await started({ codeHash: "code" });
      await store().apply(slot, (now) => spendAttempt(now, NOW));
      const newer = ownRecovery({ uid, round: "round-2" });
      await store().apply(slot, (now) => open(now, newer));
      expect(await store().find(slot)).toEqual(newer);
    });

    test("is proven once, whoever races for it", async () => {
      const { slot } = await started();
      const won = await Promise.all(Array.from({ length: 20 }, () => store().apply(slot, (now) => prove(now, proof))));
      expect(won.filter((each) => each !== undefined)).toHaveLength(1);
    });

    test("has as many attempts as allowed, also when they race", async () => {
      const { slot } = await started();
      const spent = await Promise.all(
        Array.from({ length: 12 }, () => store().apply(slot, (now) => spendAttempt(now, NOW))),
      );
      const { attempts } = config.recovery;
      expect(spent.flatMap((each) => each?.attempts ?? []).sort()).toEqual(
        Array.from({ length: attempts }, (_, index) => index + 1),
      );
    });

    test("is either proven or cancelled, when both race", async () => {
      for (let round = 0; round < 5; round += 1) {
        const { slot } = await started();
        const [proven, cancelled] = await Promise.all([
          store().apply(slot, (now) => prove(now, proof)),
          store().apply(slot, (now) => cancel(now, { at: NOW })),
        ]);
        expect([proven, cancelled].filter((each) => each !== undefined)).toHaveLength(1);
        expect((await store().find(slot))?.state).toBe(proven === undefined ? "cancelled" : "proven");
      }
    });

    test("is pending while it is carried out, and a reset from its request on", async () => {
      const pending = async (uid: string) =>
        (await store().listPending()).filter((each) => each.uid === uid).map(({ kind, state }) => `${kind} ${state}`);
      const { uid, slot } = await started();
      expect(await pending(uid)).toEqual([]);
      await store().apply(slot, (now) => prove(now, proof));
      expect(await pending(uid)).toEqual(["own proven"]);
      const reset = requestedReset({ uid });
      await store().apply(slotOf("reset", uid), () => ({ next: reset, answer: undefined }));
      expect((await pending(uid)).sort()).toEqual(["own proven", "reset requested"]);
      await store().apply(slot, (now) => finish(now, { round: "round-1", at: NOW }));
      await store().apply(slotOf("reset", uid), (now) => cancel(now, { at: NOW }));
      expect(await pending(uid)).toEqual([]);
    });

    test("is kept in the slot of its account and kind only", async () => {
      const misplaced = store().apply(slotOf("own", fresh()), (now) => open(now, ownRecovery()));
      await expect(Promise.resolve(misplaced)).rejects.toThrow("belongs in the slot");
    });
  });
};
