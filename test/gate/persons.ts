import { randomBytes } from "node:crypto";
import { PROJECT } from "./environment.ts";
import { idClaims, authKey } from "./tokens.ts";
import { signed, type Claims } from "./jwt.ts";
import { HOUR } from "../../functions/src/kernel/time.js";
import { firestore } from "../../functions/src/platform/app.js";
import { newDevice, type ProvenCall, type TestDevice } from "../../functions/src/platform/device.fixture.js";
import type { Session } from "../../functions/src/platform/session.js";
import { SESSIONS } from "../../functions/src/platform/session-store.js";

/** What somebody calls with. */
export interface Tokens {
  readonly idToken?: string;
  /** Without it a good token goes along; `null` sends none. */
  readonly appCheck?: string | null;
  /** Proves every call with this device's key. Absent: calls are not proven. */
  readonly device?: TestDevice;
  /** What the proof says otherwise than it should. */
  readonly proof?: Partial<ProvenCall>;
}

/** Somebody signed in, with a live session that is bound to their device. */
export interface Person extends Tokens {
  readonly uid: string;
  readonly sid: string;
  readonly idToken: string;
  readonly device: TestDevice;
}

/** What a session document and a token say otherwise than usual; undefined takes a field away. */
export type Changes = { readonly [Field in keyof Session]?: Session[Field] | undefined };

export const newUid = (): string => `u-${randomBytes(6).toString("hex")}`;

/** An account, new unless it is named, with its session document. `session` and `claims` change what document and token say. */
export const signIn = async (session: Changes = {}, claims: Claims = {}, uid = newUid()): Promise<Person> => {
  const sid = randomBytes(16).toString("base64url");
  const device = newDevice();
  const document = Object.entries({ ...liveSession(uid, sid, device), ...session });
  await firestore()
    .collection(SESSIONS)
    .doc(sid)
    .set(Object.fromEntries(document.filter(([, value]) => value !== undefined)));
  return { uid, sid, device, idToken: signed(authKey, idClaims({ sub: uid, user_id: uid, sid, ...claims })) };
};

/** The data of a call with the proof that the person's device makes of it. What is no object carries none. */
export const proven = (id: string, data: unknown, { device, proof = {} }: Tokens): unknown => {
  if (device === undefined || typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const call = { project: PROJECT, functionId: id, data, at: Date.now(), ...proof };
  return { ...data, _proof: device.prove(call) };
};

/** Ends a session behind the gate's back, as another instance would. */
export const revoke = async ({ sid }: Person): Promise<void> => {
  await firestore().collection(SESSIONS).doc(sid).update({ revokedAt: Date.now() });
};

const liveSession = (uid: string, sid: string, device: TestDevice): Session => {
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
    // Where the tests call from.
    networkPrefix: "127.0.0.0/24",
    country: "NO",
    asn: 1,
    jkt: device.jkt,
    secret: { hash: device.secretHash, rotatedAt: now },
  };
};
