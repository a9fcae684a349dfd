import { randomBytes } from "node:crypto";
import type { Firestore } from "firebase-admin/firestore";
import type { DemoPerson } from "./people.ts";
import { product } from "./product.ts";
import type { Past } from "./relive.ts";

const DAY = 86_400_000;

/** Writes what the product would have written: decisions, profiles, and the log's entries, which the sequencer then orders. */
export const writePast = async (
  firestore: Firestore,
  past: Past,
  persons: readonly DemoPerson[],
  now: number,
): Promise<void> => {
  const writer = firestore.bulkWriter({ throttling: false });
  const pseudonyms = new Map(
    await Promise.all(persons.map(async ({ uid }) => [uid, await product.audit().pseudonymOf(uid)] as const)),
  );
  const { Timestamp } = product.firestore();
  for (const decision of past.decisions.filter(({ time }) => time > now - 30 * DAY)) {
    const expireAt = Timestamp.fromMillis(decision.time + 90 * DAY);
    void writer.create(firestore.doc(`riskDecisions/${decision.id}`), { ...decision, expireAt });
  }
  for (const profile of past.profiles) void writer.create(firestore.doc(`riskProfiles/${profile.uid}`), { ...profile });
  for (const { at, event } of past.events) {
    const subject = pseudonyms.get(event.subject ?? "");
    const id = randomBytes(16).toString("base64url");
    const { entry } = product.entry().recordOf({ event, id, at, ...(subject !== undefined && { subject }) });
    void writer.create(firestore.doc(`auditEntries/${id}`), { ...entry });
  }
  for (const person of persons) void writer.create(firestore.doc(`secUsers/${person.uid}`), settingsOf(person, now));
  await writer.close();
};

const settingsOf = (person: DemoPerson, now: number) => ({
  uid: person.uid,
  roles: ["user"],
  mfaEnabled: false,
  loginNotifications: true,
  createdAt: now - 61 * DAY,
  factorsEpoch: 0,
});
