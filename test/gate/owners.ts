import { randomBytes } from "node:crypto";
import { fit } from "./cells.ts";
import { newUid, signIn, type Person } from "./persons.ts";
import { rows, type Row } from "./rows.ts";
import type { Served } from "./served.ts";
import { beginFile } from "../../functions/src/encryption/files/begin-file.js";
import { filesDeps } from "../../functions/src/encryption/files/deps.js";
import { addressesDeps } from "../../functions/src/identity/addresses/deps.js";
import { deps as identity } from "../../functions/src/identity/deps.js";
import { deviceId } from "../../functions/src/identity/devices/device-store.js";
import { deviceDeps } from "../../functions/src/identity/devices/deps.js";
import { newAccount } from "../../functions/src/identity/sessions/session-store.js";
import { HOUR } from "../../functions/src/kernel/time.js";
import { firestore } from "../../functions/src/platform/app.js";

/** Somebody who has one of everything that a call can name. */
export interface Owner {
  readonly uid: string;
  readonly email: string;
  /** A live session, beside those they call with. */
  readonly otherSid: string;
  /** A trusted device. */
  readonly trusted: string;
  readonly passkey: string;
  readonly challenge: string;
  /** A further address. */
  readonly address: string;
  /** A file in an encrypted folder. */
  readonly file: string;
  /** A request for an export. */
  readonly request: string;
}

export const newOwner = async (served: Served): Promise<Owner> => {
  const uid = newUid();
  const email = `${uid}@example.org`;
  const now = Date.now();
  await firestore()
    .collection("secUsers")
    .doc(uid)
    .set({ ...newAccount(now) });
  const { sid: otherSid, device } = await signIn(
    { device: { name: `of ${uid}`, browser: "Firefox", os: "Linux" } },
    {},
    uid,
  );
  const trusted = {
    uid,
    jkt: device.jkt,
    name: "Phone",
    browser: "Safari",
    os: "iOS",
    createdAt: now,
    lastSeenAt: now,
  };
  await deviceDeps().trusted.put({ ...trusted, expiresAt: now + HOUR });
  const owner = {
    uid,
    email,
    otherSid,
    trusted: deviceId(uid, device.jkt),
    passkey: await givePasskey(uid, now),
    challenge: await giveChallenge({ uid, otherSid }),
    address: await giveAddress(uid, now),
    file: await giveFile(uid, otherSid, now),
  };
  const write = { collection: "profiles", params: { uid }, values: { displayName: `name of ${uid}`, email } };
  await expectOk(served, owner, "encryption-document-write", write);
  const { request } = await expectOk(served, owner, "privacy-export-request", {});
  return { ...owner, request: String(request) };
};

/** A session of this account that is fit for the row. */
export const as = (uid: string, row: Row, roles: readonly string[]): Promise<Person> =>
  signIn({ ...fit(row), roles }, { email: `${uid}@example.org`, email_verified: true }, uid);

const expectOk = async (served: Served, { uid }: { uid: string }, id: string, input: object) => {
  const row = rows.find((each) => each.id === id);
  if (row === undefined) throw new Error(`there is no ${id}`);
  const answer = await served.call(id, input, await as(uid, { ...row, sample: input }, ["user"]));
  if (answer.http !== 200) throw new Error(`${id}: ${answer.text}`);
  return answer.result as Readonly<Record<string, unknown>>;
};

const id = (): string => randomBytes(16).toString("base64url");

const givePasskey = async (uid: string, createdAt: number): Promise<string> => {
  const passkey = {
    id: id(),
    publicKey: randomBytes(77),
    counter: 0,
    transports: ["internal"],
    aaguid: "00000000-0000-0000-0000-000000000000",
    backupEligible: true,
    backedUp: true,
    userVerified: true,
    attestation: "none",
    name: `key of ${uid}`,
    createdAt,
  } as const;
  await identity().factors.addPasskey(uid, { passkey, hashes: [randomBytes(32)] });
  return passkey.id;
};

const giveFile = async (uid: string, sid: string, storedAt: number): Promise<string> => {
  const session = await filesDeps().sessions.find(sid);
  if (session === undefined) throw new Error("the owner has no session");
  const picture = { folder: "attachments", params: { uid }, size: 3, contentType: "image/png" };
  const { file } = await beginFile(filesDeps(), { uid, session }, picture);
  const seen = await filesDeps().storedFiles.find(file);
  if (seen === undefined) throw new Error("there is no upload");
  await filesDeps().storedFiles.change(seen, { state: "stored", storedAt, endsAt: undefined });
  return file;
};

export const giveChallenge = async ({ uid, otherSid: sid }: Pick<Owner, "uid" | "otherSid">): Promise<string> => {
  const challenge = id();
  await identity().challenges.put(challenge, {
    purpose: "address.confirm",
    uid,
    sid,
    attempts: 0,
    expiresAt: Date.now() + HOUR,
    facts: { hash: "unknown", challenge: id() },
  });
  return challenge;
};

const giveAddress = async (uid: string, addedAt: number): Promise<string> => {
  const address = id();
  const place = { label: `identity.contact/${address}`, subject: uid };
  const sealed = await identity().encryption.sealSecret({ ...place, secret: Buffer.from("x@example.org") });
  const contact = { id: address, sealed, hash: id(), addedAt, confirmedAt: addedAt, pendingUntil: addedAt };
  await addressesDeps().contacts.add(uid, contact, { limit: 3, now: addedAt });
  return contact.id;
};
