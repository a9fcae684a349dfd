import { afterAll, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import type { Timestamp } from "firebase-admin/firestore";
import { randomId, systemRandom } from "../../kernel/random.js";
import { DAY } from "../../kernel/time.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { NOW, storedSession } from "../identity.fixture.js";
import { newAccount, type StoredSession } from "../sessions/session-store.js";
import { roleStoreContract } from "./role-store.contract.js";
import { firestoreRoleStore } from "./role-store.firestore.js";

const { firestore, close } = emulatedFirestore("identity-roles");
afterAll(close);

roleStoreContract("firestore", () => firestoreRoleStore(() => firestore));

const store = firestoreRoleStore(() => firestore);
const grant = (uid: string, role: string) =>
  store.change(
    { id: randomId(systemRandom), uid, role, change: "granted", by: "owner", reason: "A test", at: NOW },
    { actors: [], mayAct: () => false },
  );
const put = async (uid: string, over: Partial<StoredSession>): Promise<string> => {
  const sid = randomId(systemRandom);
  await firestore.doc(`secSessions/${sid}`).set({ ...storedSession({ uid, sid, ...over }) });
  return sid;
};
const rolesOf = async (sid: string): Promise<unknown> => (await firestore.doc(`secSessions/${sid}`).get()).get("roles");

test("a change reaches every session that may still be used, and no other", async () => {
  const [uid, other] = [randomId(systemRandom), randomId(systemRandom)];
  await firestore.doc(`secUsers/${uid}`).set({ ...newAccount(NOW) });
  const [live, idle] = [await put(uid, {}), await put(uid, { idleExpiresAt: NOW - 1 })];
  const dead = [await put(uid, { revokedAt: NOW }), await put(uid, { absoluteExpiresAt: NOW }), await put(other, {})];
  await grant(uid, "analyst");
  expect([await rolesOf(live), await rolesOf(idle)]).toEqual(Array(2).fill(["user", "analyst"]));
  for (const sid of dead) expect(await rolesOf(sid)).toEqual(["user"]);
  const account = (await firestore.doc(`secUsers/${uid}`).get()).data();
  expect(account).toEqual({ ...newAccount(NOW), roles: ["user", "analyst"], rolesEpoch: 1 });
  expect((await firestore.doc(`secSessions/${live}`).get()).get("rolesEpoch")).toBe(1);
});

test("a role whose sessions end sooner shortens those that live, and losing it lengthens none", async () => {
  const uid = randomId(systemRandom);
  const sid = await put(uid, {});
  const end = async (): Promise<unknown> => (await firestore.doc(`secSessions/${sid}`).get()).get("absoluteExpiresAt");
  await grant(uid, "analyst");
  expect(await end()).toBe(NOW + config.session.absoluteMs);
  await grant(uid, "admin");
  expect(await end()).toBe(NOW + (config.session.roles["admin"]?.absoluteMs ?? 0));
  const taken = {
    id: randomId(systemRandom),
    uid,
    role: "admin",
    change: "revoked",
    by: "owner",
    reason: "A test",
    at: NOW,
  };
  await store.change({ ...taken, change: "revoked" }, { actors: [], mayAct: () => false });
  expect(await end()).toBe(NOW + (config.session.roles["admin"]?.absoluteMs ?? 0));
});

test("a role before the first sign-in leaves a document with nothing else in it", async () => {
  const uid = randomId(systemRandom);
  await grant(uid, "analyst");
  expect((await firestore.doc(`secUsers/${uid}`).get()).data()).toEqual({ roles: ["user", "analyst"], rolesEpoch: 1 });
});

test("what is kept of changes and proposals ends by itself", async () => {
  const id = randomId(systemRandom);
  const proposal = { id, uid: "u", role: "admin", reason: "A test", proposedBy: "p", proposedAt: NOW, expiresAt: NOW };
  await store.propose({ ...proposal, state: "open" });
  const expireAt = (await firestore.doc(`secRoleProposals/${id}`).get()).get("expireAt") as Timestamp;
  expect(expireAt.toMillis()).toBe(NOW + DAY);
});
