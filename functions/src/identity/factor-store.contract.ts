import { describe, expect, test } from "@jest/globals";
import { config } from "../config.js";
import type { Account } from "./session-store.js";
import type { FactorStore } from "./factor-store.js";

const NOW = 1_900_000_000_000;
const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);
const plain = (hash: Uint8Array): number[] => [...hash];

export interface FactorWorld {
  readonly factors: FactorStore;
  /** An account that has settings already. */
  newAccount(): Promise<string>;
  account(uid: string): Promise<Account | undefined>;
}

/** What every factor store must do, whatever it stands on. */
export const factorStoreContract = (name: string, open: () => FactorWorld): void => {
  const enrolled = async (world: FactorWorld, codes = 3): Promise<string> => {
    const uid = await world.newAccount();
    await world.factors.beginTotp(uid, { id: "f1", sealedSeed: bytes(9), sid: "s", expiresAt: NOW + 1 });
    const hashes = Array.from({ length: codes }, (_, index) => bytes(index + 1));
    expect(await world.factors.activateTotp(uid, { pendingId: "f1", step: 100, hashes, at: NOW })).toBe(true);
    return uid;
  };

  describe(`factor store: ${name}`, () => {
    test("knows nothing of an account without factors, and spends no attempt on it", async () => {
      const { factors } = open();
      expect(await factors.find("nobody")).toBeUndefined();
      expect(await factors.takeAttempt("nobody", "totp", NOW)).toEqual({ ok: false, why: "missing" });
      expect(await factors.find("nobody")).toBeUndefined();
    });

    test("gives the sealed seed and the hashes back as they went in, and says in the account that there is a factor", async () => {
      const world = open();
      const uid = await enrolled(world);
      const found = await world.factors.find(uid);
      expect(plain(found!.totp!.sealedSeed)).toEqual(plain(bytes(9)));
      expect(found!.totp).toMatchObject({ id: "f1", enrolledAt: NOW, lastStep: 100 });
      expect(found!.backup!.hashes.map(plain)).toEqual([bytes(1), bytes(2), bytes(3)].map(plain));
      expect(found!.pending).toBeUndefined();
      expect(await world.account(uid)).toMatchObject({ mfaEnabled: true });
    });

    test("does not activate a set-up that is another, is over, or was activated before", async () => {
      const world = open();
      const uid = await world.newAccount();
      const by = { pendingId: "f1", step: 100, hashes: [], at: NOW };
      expect(await world.factors.activateTotp(uid, by)).toBe(false);
      await world.factors.beginTotp(uid, { id: "f1", sealedSeed: bytes(9), sid: "s", expiresAt: NOW });
      expect(await world.factors.activateTotp(uid, by)).toBe(false);
      await world.factors.beginTotp(uid, { id: "f2", sealedSeed: bytes(9), sid: "s", expiresAt: NOW + 1 });
      expect(await world.factors.activateTotp(uid, by)).toBe(false);
      expect(await world.factors.activateTotp(uid, { ...by, pendingId: "f2" })).toBe(true);
      expect(await world.factors.activateTotp(uid, { ...by, pendingId: "f2" })).toBe(false);
    });

    test("accepts a time step once, and none at or before the last one", async () => {
      const world = open();
      const uid = await enrolled(world);
      const answers: boolean[] = [];
      for (const step of [100, 101, 101, 99, 102]) answers.push(await world.factors.acceptStep(uid, "f1", step));
      expect(answers).toEqual([false, true, false, false, true]);
      expect(await world.factors.acceptStep(uid, "another", 200)).toBe(false);
    });

    test("gives five attempts, then none until a success forgives them", async () => {
      const world = open();
      const uid = await enrolled(world);
      for (let left = config.totp.attempts.limit - 1; left >= 0; left -= 1) {
        expect(await world.factors.takeAttempt(uid, "totp", NOW)).toMatchObject({ ok: true, left });
      }
      expect(await world.factors.takeAttempt(uid, "totp", NOW)).toMatchObject({ ok: false, why: "wait" });
      expect(await world.factors.takeAttempt(uid, "backup-code", NOW)).toMatchObject({ ok: true });
      expect(await world.factors.acceptStep(uid, "f1", 101)).toBe(true);
      expect(await world.factors.takeAttempt(uid, "totp", NOW)).toMatchObject({ ok: true, failures: 1 });
    });

    test("spends a backup code once and counts what is left", async () => {
      const world = open();
      const uid = await enrolled(world);
      expect(await world.factors.spendCode(uid, bytes(2))).toBe(2);
      expect(await world.factors.spendCode(uid, bytes(2))).toBeUndefined();
      expect(await world.factors.spendCode(uid, bytes(8))).toBeUndefined();
      expect(await world.factors.spendCode(uid, bytes(2, 31))).toBeUndefined();
      expect(await world.factors.spendCode(uid, bytes(1))).toBe(1);
    });

    test("replaces all backup codes, and makes none for an account without a factor", async () => {
      const world = open();
      const uid = await enrolled(world);
      expect(await world.factors.replaceCodes(uid, [bytes(7)], NOW + 5)).toBe(true);
      expect(await world.factors.spendCode(uid, bytes(1))).toBeUndefined();
      expect(await world.factors.spendCode(uid, bytes(7))).toBe(0);
      expect(await world.factors.replaceCodes(await world.newAccount(), [bytes(7)], NOW)).toBe(false);
    });

    test("removes the factor with every backup code, and says so in the account", async () => {
      const world = open();
      const uid = await enrolled(world);
      expect(await world.factors.removeTotp(uid)).toBe(true);
      expect(await world.factors.removeTotp(uid)).toBe(false);
      expect(await world.factors.spendCode(uid, bytes(1))).toBeUndefined();
      expect(await world.factors.acceptStep(uid, "f1", 500)).toBe(false);
      expect(await world.account(uid)).toMatchObject({ mfaEnabled: false });
    });

    test("a new set-up leaves the factor in use alone until it is confirmed, and then ends it and its codes", async () => {
      const world = open();
      const uid = await enrolled(world);
      await world.factors.beginTotp(uid, { id: "f2", sealedSeed: bytes(5), sid: "s", expiresAt: NOW + 1 });
      expect(await world.factors.acceptStep(uid, "f1", 101)).toBe(true);
      expect(await world.factors.activateTotp(uid, { pendingId: "f2", step: 7, hashes: [bytes(6)], at: NOW })).toBe(
        true,
      );
      expect(await world.factors.acceptStep(uid, "f1", 102)).toBe(false);
      expect(await world.factors.spendCode(uid, bytes(1))).toBeUndefined();
      expect(await world.factors.spendCode(uid, bytes(6))).toBe(0);
    });

    test("of ten that race for one step, or for one code, exactly one wins", async () => {
      const world = open();
      const uid = await enrolled(world);
      const ten = Array.from({ length: 10 });
      const steps = await Promise.all(ten.map(() => world.factors.acceptStep(uid, "f1", 150)));
      expect(steps.filter(Boolean)).toHaveLength(1);
      const codes = await Promise.all(ten.map(() => world.factors.spendCode(uid, bytes(3))));
      expect(codes.filter((left) => left !== undefined)).toEqual([2]);
    });
  });
};
