import { createHash } from "node:crypto";
import type { DocumentData, Firestore } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { factorStore, type FactorStore } from "./factor-store.js";
import { hasFactor, NO_FACTORS, type Factors } from "./factors.js";
import { lostRace } from "../../platform/lost-race.js";
import { untilWon } from "../retry.js";
import { ACCOUNTS } from "../sessions/session-store.js";
import { claims } from "./passkey-ledger.js";

const FACTORS = "secFactors";
const CREDENTIALS = "secCredentials";

/**
 * One document an account, and one a passkey that says whose it is. Races are settled by preconditions: contended transactions
 * would queue behind locks.
 */
export const firestoreFactorStore = (firestore: () => Firestore): FactorStore => {
  const reference = (uid: string) => firestore().collection(FACTORS).doc(uid);
  const claimOf = (credentialId: string) => firestore().collection(CREDENTIALS).doc(nameOf(credentialId));
  const ownerOf = async (credentialId: string): Promise<string | undefined> => {
    const row = (await claimOf(credentialId).get()).data();
    return row?.["credentialId"] === credentialId ? (row["uid"] as string) : undefined;
  };
  return factorStore({
    find: async (uid) => fromRow((await reference(uid).get()).data()),
    ownerOf,
    apply: (uid, transition) =>
      untilWon(async () => {
        const snapshot = await reference(uid).get();
        const before = fromRow(snapshot.data()) ?? NO_FACTORS;
        const { answer, next, taken } = transition(before);
        if (next === undefined) return { answer };
        const { added, removed } = claims(before, next);
        const owners = await Promise.all(added.map(ownerOf));
        if (taken !== undefined && owners.some((owner) => owner !== undefined)) return { answer: taken };
        const batch = firestore().batch();
        if (snapshot.updateTime === undefined) batch.create(reference(uid), toRow(next));
        else batch.update(reference(uid), toRow(next), { lastUpdateTime: snapshot.updateTime });
        // Two that claim one credential at the same moment: `create` lets one of them through, the other reads again.
        const createdAt = next.passkeys.at(-1)?.createdAt ?? 0;
        for (const credentialId of added) batch.create(claimOf(credentialId), { uid, credentialId, createdAt });
        for (const credentialId of removed) batch.delete(claimOf(credentialId));
        if (hasFactor(next) !== hasFactor(before))
          batch.update(firestore().collection(ACCOUNTS).doc(uid), mfaRow(hasFactor(next)));
        return batch.commit().then(
          () => ({ answer }),
          (error: unknown) => {
            if (lostRace(error)) return undefined;
            throw error;
          },
        );
      }),
  });
};

/** A document id of fixed length, whatever an authenticator chose: SHA-256 of the credential id, base64url. */
const nameOf = (credentialId: string): string =>
  createHash("sha256").update(Buffer.from(credentialId, "base64url")).digest("base64url");

const mfaRow = (mfaEnabled: boolean): DocumentData => ({
  mfaEnabled,
  factorsEpoch: adminFirestoreSdk().FieldValue.increment(1),
});

// Absent parts are stored as null, so that an update replaces all of them.
const toRow = ({ totp, pending, backup, passkeys, userHandle, attempts }: Factors): DocumentData => ({
  totp: totp ?? null,
  pending: pending ?? null,
  backup: backup === undefined ? null : { ...backup, hashes: [...backup.hashes] },
  passkeys: passkeys.map((passkey) => ({ ...passkey, transports: [...passkey.transports] })),
  userHandle: userHandle ?? null,
  attempts: { ...attempts },
});

const fromRow = (row: DocumentData | undefined): Factors | undefined => {
  if (row === undefined) return undefined;
  const present = Object.entries(row).filter(([, part]) => part !== null);
  return { ...NO_FACTORS, ...Object.fromEntries(present) };
};
