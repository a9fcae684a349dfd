import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { randomId, systemRandom } from "../../kernel/random.js";
import { HOUR } from "../../kernel/time.js";
import { NOW, storedSession } from "../identity.fixture.js";
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
      expect(await store.account(uid)).toEqual({ ...newAccount(NOW), signIns: 1 });
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
      const sid = await started(store, uid, { stepUpRequired: true, stepUp: { "identity.factors": { at: NOW } } });
      const expected = {
        aal: 2,
        amr: ["pwd", "otp", "mfa"],
        mfaAt: NOW + 5,
        stepUpRequired: false,
        stepUp: { "identity.factors": { at: NOW }, "privacy.erase": { at: NOW + 5 } },
      };
      expect(await store.raise(sid, raise(uid))).toMatchObject(expected);
      expect(await store.find(sid)).toMatchObject(expected);
    });

    test("a second factor for a transaction is kept with it, and marks that count no more are dropped", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid, { stepUp: { "payments.pay": { at: NOW + 5 - config.session.stepUpMs } } });
      const stepUp = { "privacy.erase": { at: NOW + 5, transaction: "hash" } };
      expect((await store.raise(sid, { ...raise(uid), transaction: "hash" }))?.stepUp).toEqual(stepUp);
      expect((await store.find(sid))?.stepUp).toEqual(stepUp);
    });

    test("a weak proof meets the demand of risk, and reaches no assurance and no scope", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid, { stepUpRequired: true });
      const raised = await store.raise(sid, { ...raise(uid), assurance: 1, amr: ["email"] });
      expect(raised).toMatchObject({ aal: 1, amr: ["pwd", "email"], stepUpRequired: false });
      expect([raised?.stepUp, raised?.mfaAt]).toEqual([{}, undefined]);
      expect(await store.find(sid)).toMatchObject({ aal: 1, stepUp: {}, stepUpRequired: false });
    });

    test("a strong proof reaches assurance 3, and a weaker one after it takes none away", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid);
      expect(await store.raise(sid, { ...raise(uid), assurance: 3 })).toMatchObject({ aal: 3 });
      expect(await store.raise(sid, raise(uid))).toMatchObject({ aal: 3 });
      expect(await store.raise(sid, { ...raise(uid), assurance: 1 })).toMatchObject({ aal: 3, mfaAt: NOW + 5 });
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

    test("a change is made to what the session is then; those that race are all made, one after the other", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid, { riskReasons: [] });
      const add = (reason: string) =>
        store.change(sid, NOW, ({ riskReasons }) => ({
          answer: riskReasons.length,
          next: { riskReasons: [...riskReasons, reason] },
        }));
      const answers = await Promise.all(["a", "b", "c", "d", "e"].map(add));
      expect(answers.sort()).toEqual([0, 1, 2, 3, 4]);
      expect([...((await store.find(sid))?.riskReasons ?? [])].sort()).toEqual(["a", "b", "c", "d", "e"]);
    });

    test("a step without change writes nothing; what is unknown, revoked or expired does not change", async () => {
      const [store, uid] = [open(), fresh()];
      const sid = await started(store, uid, { country: "DE" });
      const move = (id: string, at = NOW) => store.change(id, at, () => ({ answer: true, next: { country: "FR" } }));
      expect(await store.change(sid, NOW, ({ country }) => ({ answer: country }))).toBe("DE");
      expect(await move(fresh())).toBeUndefined();
      expect(await move(await started(store, uid, { idleExpiresAt: NOW + 1 }), NOW + 1)).toBeUndefined();
      await store.revoke(sid, { uid, at: NOW, because: "owner" });
      expect(await move(sid)).toBeUndefined();
      expect(await store.find(sid)).toMatchObject({ country: "DE" });
    });

    test("the sign-in before this one is told with the next", async () => {
      const [store, uid] = [open(), fresh()];
      expect(await start(store, uid)).not.toHaveProperty("lastSignInAt");
      expect(await start(store, uid)).toMatchObject({ lastSignInAt: NOW });
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
