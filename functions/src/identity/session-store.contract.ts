import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../kernel/random.js";
import { HOUR } from "../kernel/time.js";
import { NOW, storedSession } from "./identity.fixture.js";
import { newAccount, type SessionStore, type StoredSession } from "./session-store.js";

const fresh = (): string => randomId(systemRandom);

/** What every session store must do, whatever it stands on. */
export const sessionStoreContract = (name: string, open: () => SessionStore): void => {
  const start = (store: SessionStore, uid: string, over: Partial<StoredSession> & { signedInAt?: number } = {}) => {
    const { signedInAt = NOW, ...rest } = over;
    const sid = over.sid ?? fresh();
    const build = (account: { roles: readonly string[] }) => storedSession({ uid, ...rest, sid, roles: account.roles });
    return store.start({ uid, sid, signedInAt, at: NOW, build });
  };
  const started = async (store: SessionStore, uid: string, over: Partial<StoredSession> = {}): Promise<string> => {
    const outcome = await start(store, uid, over);
    if (outcome.outcome !== "started") throw new Error(outcome.outcome);
    return outcome.session.sid;
  };
  const raise = (uid: string, scope = "privacy.erase") => ({ uid, scope, at: NOW + 5, amr: ["otp"] });

  describe(`session store: ${name}`, () => {
    test("the first session of an account makes its settings, the second finds them", async () => {
      const [store, uid] = [open(), fresh()];
      expect(await store.account(uid)).toBeUndefined();
      expect(await start(store, uid)).toMatchObject({ outcome: "started", prepared: true });
      expect(await store.account(uid)).toEqual(newAccount(NOW));
      expect(await start(store, uid)).toMatchObject({ outcome: "started", prepared: false });
    });

    test("a session id starts one session ever: asked again it answers the first, revoked or not", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid, { country: "DE" });
      expect(await start(store, uid, { sid, country: "FR" })).toMatchObject({
        outcome: "exists",
        session: { country: "DE" },
      });
      await store.revoke(sid, { uid, at: NOW + 1, because: "owner" });
      expect(await start(store, fresh(), { sid })).toMatchObject({
        outcome: "exists",
        session: { uid, revokedAt: NOW + 1 },
      });
    });

    test("of ten that race to start one session, one does", async () => {
      const [store, uid, sid] = [open(), fresh(), fresh()];
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => start(store, uid, { sid })));
      expect(outcomes.filter(({ outcome }) => outcome === "started")).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === "exists")).toHaveLength(9);
    });

    test("a second factor raises this session for its scope, at once, and ends the demand for it", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid, { stepUpRequired: true, stepUp: { "identity.factors": NOW } });
      const expected = {
        aal: 2,
        amr: ["pwd", "otp", "mfa"],
        mfaAt: NOW + 5,
        stepUpRequired: false,
        stepUp: { "identity.factors": NOW, "privacy.erase": NOW + 5 },
      };
      expect(await store.raise(sid, raise(uid))).toMatchObject(expected);
      expect(await store.find(sid)).toMatchObject(expected);
    });

    test("raises nothing that is revoked, unknown or another's", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid);
      expect(await store.raise(sid, raise("mallory"))).toBeUndefined();
      expect(await store.raise(fresh(), raise(uid))).toBeUndefined();
      await store.revoke(sid, { uid, at: NOW, because: "owner" });
      expect(await store.raise(sid, raise(uid))).toBeUndefined();
      expect(await store.find(sid)).toMatchObject({ aal: 1 });
    });

    test("revokes a live session of the account once, and nobody else's", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid);
      const by = { uid, at: NOW + 7, because: "owner" };
      expect(await store.revoke(sid, { ...by, uid: "mallory" })).toBe(false);
      expect(await store.revoke(fresh(), by)).toBe(false);
      expect(await store.revoke(sid, by)).toBe(true);
      expect(await store.revoke(sid, by)).toBe(false);
      expect(await store.find(sid)).toMatchObject({ revokedAt: NOW + 7, revokedBecause: "owner" });
    });

    test("lists what is live: neither revoked nor expired, nor another's", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid);
      await started(store, fresh());
      await started(store, uid, { idleExpiresAt: NOW + 1 });
      await started(store, uid, { absoluteExpiresAt: NOW + 1 });
      const revoked = await started(store, uid);
      await store.revoke(revoked, { uid, at: NOW, because: "owner" });
      expect((await store.listLive(uid, NOW + 1)).map((session) => session.sid)).toEqual([sid]);
    });

    test("a sign-out of all spares the exception, and bars the sign-ins made before it", async () => {
      const [store, uid] = [open(), fresh()];
      const [kept, ended, alsoEnded] = [
        await started(store, uid),
        await started(store, uid),
        await started(store, uid),
      ];
      expect(await store.signOut(uid, { at: NOW + 9, because: "owner", except: kept })).toBe(2);
      expect((await store.listLive(uid, NOW + 9)).map((session) => session.sid)).toEqual([kept]);
      expect(await store.find(ended)).toMatchObject({ revokedAt: NOW + 9 });
      expect(await store.find(alsoEnded)).toMatchObject({ revokedBecause: "owner" });
      expect(await start(store, uid, { signedInAt: NOW + 8 })).toEqual({ outcome: "signed-out" });
      expect(await start(store, uid, { signedInAt: NOW + 9 })).toMatchObject({ outcome: "started" });
    });

    test("a sign-out of an account that never had a session makes none", async () => {
      const [store, uid] = [open(), fresh()];
      expect(await store.signOut(uid, { at: NOW, because: "incident" })).toBe(0);
      expect(await store.account(uid)).toBeUndefined();
    });

    test("no session slips past a sign-out that runs beside its start", async () => {
      const [store, uid] = [open(), fresh()];
      await started(store, uid);
      const starts = Array.from({ length: 8 }, () =>
        start(store, uid, { signedInAt: NOW, absoluteExpiresAt: NOW + HOUR }),
      );
      const [, ...outcomes] = await Promise.all([store.signOut(uid, { at: NOW + 1, because: "incident" }), ...starts]);
      expect(await store.listLive(uid, NOW + 2)).toEqual([]);
      expect(outcomes).toHaveLength(8);
    });
  });
};
