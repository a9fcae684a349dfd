import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import type { Account } from "../sessions/session-store.js";
import type { FactorStore } from "./factor-store.js";
import type { Passkey } from "./passkey.js";

const NOW = 1_900_000_000_000;
const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);
const plain = (hash: Uint8Array): number[] => [...hash];

const credentialId = (): string => randomBytes(32).toString("base64url");
const passkey = (over: Partial<Passkey> = {}): Passkey => ({
  id: credentialId(),
  publicKey: bytes(4, 77),
  counter: 0,
  transports: ["internal"],
  aaguid: "00000000-0000-0000-0000-000000000000",
  backupEligible: false,
  backedUp: false,
  userVerified: true,
  attestation: "none",
  name: "Laptop",
  createdAt: NOW,
  ...over,
});

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
    expect(await world.factors.activateTotp(uid, { pendingId: "f1", step: 100, hashes, at: NOW })).toEqual({
      codesMade: true,
    });
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
      expect(await world.factors.activateTotp(uid, by)).toBeUndefined();
      await world.factors.beginTotp(uid, { id: "f1", sealedSeed: bytes(9), sid: "s", expiresAt: NOW });
      expect(await world.factors.activateTotp(uid, by)).toBeUndefined();
      await world.factors.beginTotp(uid, { id: "f2", sealedSeed: bytes(9), sid: "s", expiresAt: NOW + 1 });
      expect(await world.factors.activateTotp(uid, by)).toBeUndefined();
      expect(await world.factors.activateTotp(uid, { ...by, pendingId: "f2" })).toEqual({ codesMade: true });
      expect(await world.factors.activateTotp(uid, { ...by, pendingId: "f2" })).toBeUndefined();
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
      expect(await world.factors.activateTotp(uid, { pendingId: "f2", step: 7, hashes: [bytes(6)], at: NOW })).toEqual({
        codesMade: true,
      });
      expect(await world.factors.acceptStep(uid, "f1", 102)).toBe(false);
      expect(await world.factors.spendCode(uid, bytes(1))).toBeUndefined();
      expect(await world.factors.spendCode(uid, bytes(6))).toBe(0);
    });

    test("a recovery takes the lost factors and all codes at once, and nothing that was set up since", async () => {
      const world = open();
      const uid = await enrolled(world);
      const lost = { totp: true, passkeys: "all", before: NOW } as const;
      await world.factors.beginTotp(uid, {
        id: "f2",
        sealedSeed: bytes(5),
        sid: "s",
        expiresAt: NOW + config.totp.pendingMs,
      });
      expect(await world.factors.reset(uid, lost)).toEqual({ totp: true, passkeys: 0, codes: 3 });
      const left = await world.factors.find(uid);
      expect([left?.totp, left?.pending, left?.backup]).toEqual([undefined, undefined, undefined]);
      expect(await world.account(uid)).toMatchObject({ mfaEnabled: false });
      await world.factors.beginTotp(uid, {
        id: "f3",
        sealedSeed: bytes(5),
        sid: "s",
        expiresAt: NOW + 5 + config.totp.pendingMs,
      });
      await world.factors.activateTotp(uid, { pendingId: "f3", step: 7, hashes: [bytes(6)], at: NOW + 1 });
      expect(await world.factors.reset(uid, lost)).toEqual({ totp: false, passkeys: 0, codes: 0 });
      expect((await world.factors.find(uid))?.totp?.id).toBe("f3");
      expect(await world.factors.spendCode(uid, bytes(6))).toBe(0);
    });

    test("a recovery that keeps the app still takes every backup code, and failures with them", async () => {
      const world = open();
      const uid = await enrolled(world);
      await world.factors.takeAttempt(uid, "backup-code", NOW);
      await world.factors.takeAttempt(uid, "totp", NOW);
      expect(await world.factors.reset(uid, { totp: false, passkeys: ["other"], before: NOW })).toEqual({
        totp: false,
        passkeys: 0,
        codes: 3,
      });
      const left = await world.factors.find(uid);
      expect(left?.totp?.id).toBe("f1");
      expect(left?.backup).toBeUndefined();
      expect(Object.keys(left?.attempts ?? {})).toEqual(["totp"]);
      expect(await world.account(uid)).toMatchObject({ mfaEnabled: true });
      expect(await world.factors.reset("nobody", { totp: true, passkeys: "all", before: NOW })).toMatchObject({
        codes: 0,
      });
    });

    test("keeps a passkey as it was given, knows whose it is, and says in the account that there is a factor", async () => {
      const world = open();
      const uid = await world.newAccount();
      const given = passkey({ counter: 3, transports: ["usb", "nfc"], backedUp: true, backupEligible: true });
      const hashes = [bytes(1)];
      expect(await world.factors.addPasskey(uid, { passkey: given, hashes })).toEqual({ ok: true, codesMade: true });
      const [kept] = (await world.factors.find(uid))!.passkeys;
      expect({ ...kept, publicKey: plain(kept!.publicKey) }).toEqual({ ...given, publicKey: plain(given.publicKey) });
      expect(await world.factors.ownerOf(given.id)).toBe(uid);
      expect(await world.factors.ownerOf(credentialId())).toBeUndefined();
      expect(await world.account(uid)).toMatchObject({ mfaEnabled: true });
      expect(await world.factors.spendCode(uid, bytes(1))).toBe(0);
    });

    test("keeps ids that would be names of another kind elsewhere", async () => {
      const world = open();
      const uid = await world.newAccount();
      const ids = ["constructor", "toString", `__${randomBytes(15).toString("base64url")}__`];
      for (const id of ids) {
        await Promise.all([world.factors.ownerOf(id), world.factors.removePasskey(uid, id)]);
        const owner = await world.factors.ownerOf(id);
        const added = await world.factors.addPasskey(uid, { passkey: passkey({ id }), hashes: [] });
        expect(added.ok).toBe(owner === undefined);
      }
      const last = ids[2]!;
      expect(await world.factors.ownerOf(last)).toBe(uid);
      expect((await world.factors.find(uid))!.passkeys.at(-1)).toMatchObject({ id: last });
    });

    test("refuses a credential id that is anybody's, and gives it free with the passkey", async () => {
      const world = open();
      const [ann, bob] = [await world.newAccount(), await world.newAccount()];
      const given = { passkey: passkey(), hashes: [] };
      expect(await world.factors.addPasskey(ann, given)).toMatchObject({ ok: true });
      expect(await world.factors.addPasskey(ann, given)).toEqual({ ok: false, why: "taken" });
      expect(await world.factors.addPasskey(bob, given)).toEqual({ ok: false, why: "taken" });
      expect((await world.factors.find(bob))?.passkeys ?? []).toEqual([]);
      expect(await world.factors.removePasskey(ann, given.passkey.id)).toBe(true);
      expect(await world.factors.removePasskey(ann, given.passkey.id)).toBe(false);
      expect(await world.factors.ownerOf(given.passkey.id)).toBeUndefined();
      expect(await world.factors.addPasskey(bob, given)).toMatchObject({ ok: true });
    });

    test("of accounts that race for one credential id, exactly one gets it", async () => {
      const world = open();
      const uids = await Promise.all(Array.from({ length: 8 }, () => world.newAccount()));
      const given = { passkey: passkey(), hashes: [] };
      const answers = await Promise.all(uids.map((uid) => world.factors.addPasskey(uid, given)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      const winner = uids[answers.findIndex(({ ok }) => ok)];
      expect(await world.factors.ownerOf(given.passkey.id)).toBe(winner);
    });

    test("holds twenty passkeys and no more", async () => {
      const world = open();
      const uid = await world.newAccount();
      for (let count = 0; count < config.passkeys.limit; count += 1)
        expect(await world.factors.addPasskey(uid, { passkey: passkey(), hashes: [] })).toMatchObject({ ok: true });
      const more = { passkey: passkey(), hashes: [] };
      expect(await world.factors.addPasskey(uid, more)).toEqual({ ok: false, why: "full" });
      expect(await world.factors.ownerOf(more.passkey.id)).toBeUndefined();
    });

    test.each([
      [0, 0, "accepted"],
      [0, 7, "accepted"],
      [7, 8, "accepted"],
      [7, 7, "cloned"],
      [7, 6, "cloned"],
      [7, 0, "cloned"],
    ] as const)("with the count at %d, a use that counts %d is %s", async (stored, counted, answer) => {
      const world = open();
      const uid = await world.newAccount();
      const given = passkey({ counter: stored });
      await world.factors.addPasskey(uid, { passkey: given, hashes: [] });
      const use = { id: given.id, counter: counted, backedUp: true, at: NOW + 5 };
      expect(await world.factors.usePasskey(uid, use)).toBe(answer);
      const [kept] = (await world.factors.find(uid))!.passkeys;
      expect(kept).toMatchObject(
        answer === "accepted"
          ? { counter: counted, backedUp: true, lastUsedAt: NOW + 5 }
          : { counter: stored, backedUp: false, cloneWarningAt: NOW + 5 },
      );
      expect(await world.factors.usePasskey(uid, { ...use, id: credentialId() })).toBe("missing");
    });

    test("of ten uses that race with one count, exactly one is accepted", async () => {
      const world = open();
      const uid = await world.newAccount();
      const given = passkey({ counter: 1 });
      await world.factors.addPasskey(uid, { passkey: given, hashes: [] });
      const use = { id: given.id, counter: 2, backedUp: false, at: NOW + 5 };
      const answers = await Promise.all(Array.from({ length: 10 }, () => world.factors.usePasskey(uid, use)));
      expect(answers.filter((answer) => answer === "accepted")).toHaveLength(1);
      expect((await world.factors.find(uid))!.passkeys).toMatchObject([{ cloneWarningAt: NOW + 5 }]);
    });

    test("draws one user handle an account, and keeps it", async () => {
      const world = open();
      const uid = await world.newAccount();
      const drawn = await Promise.all(["a", "b", "c"].map((each) => world.factors.userHandle(uid, each)));
      expect(new Set(drawn).size).toBe(1);
      const given = passkey();
      await world.factors.addPasskey(uid, { passkey: given, hashes: [] });
      await world.factors.removePasskey(uid, given.id);
      expect(await world.factors.userHandle(uid, "d")).toBe(drawn[0]);
    });

    test("renames a passkey of the account, and none of another's", async () => {
      const world = open();
      const [ann, bob] = [await world.newAccount(), await world.newAccount()];
      const given = passkey();
      await world.factors.addPasskey(ann, { passkey: given, hashes: [] });
      expect(await world.factors.renamePasskey(ann, given.id, "Phone")).toBe(true);
      expect(await world.factors.renamePasskey(bob, given.id, "Mine")).toBe(false);
      expect((await world.factors.find(ann))!.passkeys).toMatchObject([{ name: "Phone" }]);
    });

    test("the second factor leaves the codes alone, and only the last to go takes them along", async () => {
      const world = open();
      const uid = await enrolled(world);
      const given = passkey();
      const added = await world.factors.addPasskey(uid, { passkey: given, hashes: [bytes(8)] });
      expect(added).toEqual({ ok: true, codesMade: false });
      expect(await world.factors.spendCode(uid, bytes(8))).toBeUndefined();
      expect(await world.factors.removeTotp(uid)).toBe(true);
      expect(await world.account(uid)).toMatchObject({ mfaEnabled: true });
      expect(await world.factors.spendCode(uid, bytes(1))).toBe(2);
      await world.factors.beginTotp(uid, { id: "f2", sealedSeed: bytes(5), sid: "s", expiresAt: NOW + 1 });
      const by = { pendingId: "f2", step: 7, hashes: [bytes(6)], at: NOW };
      expect(await world.factors.activateTotp(uid, by)).toEqual({ codesMade: false });
      expect(await world.factors.spendCode(uid, bytes(2))).toBe(1);
      await world.factors.removeTotp(uid);
      expect(await world.factors.removePasskey(uid, given.id)).toBe(true);
      expect(await world.account(uid)).toMatchObject({ mfaEnabled: false });
      expect(await world.factors.spendCode(uid, bytes(3))).toBeUndefined();
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
