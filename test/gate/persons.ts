import { randomBytes } from "node:crypto";
import { idClaims, authKey } from "./tokens.ts";
import { signed, type Claims } from "./jwt.ts";
import { HOUR } from "../../functions/src/kernel/time.js";
import { firestore } from "../../functions/src/platform/app.js";
import type { Session } from "../../functions/src/platform/session.js";
import { SESSIONS } from "../../functions/src/platform/session-store.js";

/** Somebody signed in, with a live session. */
export interface Person {
  readonly uid: string;
  readonly sid: string;
  readonly idToken: string;
}

/** A new account with its session document. `session` and `claims` change what the document and the token say. */
export const signIn = async (session: Partial<Session> = {}, claims: Claims = {}): Promise<Person> => {
  const uid = `u-${randomBytes(6).toString("hex")}`;
  const sid = randomBytes(16).toString("base64url");
  await firestore()
    .collection(SESSIONS)
    .doc(sid)
    .set({ ...liveSession(uid, sid), ...session });
  return { uid, sid, idToken: signed(authKey, idClaims({ sub: uid, user_id: uid, sid, ...claims })) };
};

/** Ends a session behind the gate's back, as another instance would. */
export const revoke = async ({ sid }: Person): Promise<void> => {
  await firestore().collection(SESSIONS).doc(sid).update({ revokedAt: Date.now() });
};

const liveSession = (uid: string, sid: string): Session => {
  const now = Date.now();
  return {
    sid,
    uid,
    aal: 1,
    amr: ["pwd"],
    roles: ["user"],
    startedAt: now,
    absoluteExpiresAt: now + HOUR,
    idleExpiresAt: now + HOUR,
    lastSeenAt: now,
    stepUp: {},
    stepUpRequired: false,
    riskReasons: [],
    device: { name: "Laptop", browser: "Firefox", os: "Linux" },
    networkPrefix: "203.0.113.0/24",
    country: "NO",
    asn: 1,
  };
};
