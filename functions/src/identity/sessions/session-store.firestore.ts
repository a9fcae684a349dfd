import type { DocumentReference, DocumentSnapshot, Firestore } from "firebase-admin/firestore";
import { DAY } from "../../kernel/time.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { SESSIONS } from "../../platform/session-store.js";
import { wins } from "../../platform/lost-race.js";
import { untilWon } from "../retry.js";
import {
  ACCOUNTS,
  afterSignIn,
  isLive,
  raised,
  type Account,
  type SessionStore,
  type StartOutcome,
  type StoredSession,
} from "./session-store.js";

/** `secSessions/{sid}` and `secUsers/{uid}`. Races are settled by preconditions, never by locks. */
export const firestoreSessionStore = (firestore: () => Firestore): SessionStore => {
  const sessionAt = (sid: string) => firestore().collection(SESSIONS).doc(sid);
  const accountAt = (uid: string) => firestore().collection(ACCOUNTS).doc(uid);
  const listLive: SessionStore["listLive"] = async (uid, now) => {
    const { docs } = await firestore().collection(SESSIONS).where("uid", "==", uid).get();
    return docs.map((each) => each.data() as StoredSession).filter((session) => isLive(session, now));
  };
  return {
    find: async (sid) => read(await sessionAt(sid).get()),
    account: async (uid) => (await accountAt(uid).get()).data() as Account | undefined,
    listLive,
    start: (by) =>
      untilWon<StartOutcome>(async () => {
        const [stored, known] = await firestore().getAll(accountAt(by.uid), sessionAt(by.sid));
        const taken = known === undefined ? undefined : read(known);
        if (taken !== undefined) return { answer: { outcome: "exists", session: taken } };
        const account = stored?.data() as Account | undefined;
        if (by.signedInAt < (account?.signedOutAt ?? 0)) return { answer: { outcome: "signed-out" } };
        const current = afterSignIn(account, by.at);
        const session = by.build(current);
        const batch = firestore().batch();
        // The precondition makes this lose against a sign-out of all sessions that comes in between.
        if (stored?.updateTime === undefined) batch.create(accountAt(by.uid), current);
        else batch.update(accountAt(by.uid), { ...current }, { lastUpdateTime: stored.updateTime });
        batch.create(sessionAt(by.sid), { ...session, expireAt: expireAt(session) });
        const won = await wins(batch.commit());
        if (!won) return undefined;
        const before = account?.lastSignInAt;
        const prepared = account === undefined;
        return {
          answer: { outcome: "started", session, prepared, ...(before !== undefined && { lastSignInAt: before }) },
        };
      }),
    change: (sid, now, transition) =>
      untilWon(async () => {
        const snapshot = await sessionAt(sid).get();
        const session = read(snapshot);
        if (session === undefined || !isLive(session, now) || snapshot.updateTime === undefined)
          return { answer: undefined };
        const { answer, next } = transition(session);
        if (next === undefined) return { answer };
        const won = await wins(sessionAt(sid).update({ ...next }, { lastUpdateTime: snapshot.updateTime }));
        return won ? { answer } : undefined;
      }),
    raise: (sid, raise) =>
      untilWon(async () => {
        const snapshot = await sessionAt(sid).get();
        const session = read(snapshot);
        if (session?.uid !== raise.uid || session.revokedAt !== undefined || snapshot.updateTime === undefined)
          return { answer: undefined };
        const change = raised(session, raise);
        const won = await wins(sessionAt(sid).update(change, { lastUpdateTime: snapshot.updateTime }));
        return won ? { answer: { ...session, ...change } } : undefined;
      }),
    revoke: async (sid, { uid, at, because }) => {
      const session = read(await sessionAt(sid).get());
      if (session?.uid !== uid || !isLive(session, at)) return false;
      await end(sessionAt(sid), at, because);
      return true;
    },
    signOut: async (uid, { at, because, except }) => {
      // The bar first: a session that starts from now on sees it, one that started before is in the list.
      await accountAt(uid).update({ signedOutAt: at }).catch(unlessMissing);
      const ending = (await listLive(uid, at)).filter((session) => session.sid !== except);
      await Promise.all(ending.map((session) => end(sessionAt(session.sid), at, because)));
      return ending.length;
    },
  };
};

const read = (snapshot: DocumentSnapshot): StoredSession | undefined => snapshot.data() as StoredSession | undefined;

// No precondition but existence: whatever else is written at this moment, the revocation stands.
const end = async (reference: DocumentReference, at: number, because: string): Promise<void> => {
  await reference.update({ revokedAt: at, revokedBecause: because }).catch(unlessMissing);
};

const unlessMissing = (error: unknown): void => {
  if ((error as { code?: number }).code !== 5) throw error; // NOT_FOUND
};

// Deleted by TTL a day after its end; what happened in it stays in the audit log.
const expireAt = (session: StoredSession) => adminFirestoreSdk().Timestamp.fromMillis(session.absoluteExpiresAt + DAY);
