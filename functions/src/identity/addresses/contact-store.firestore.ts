import type { Firestore } from "firebase-admin/firestore";
import { lostRace } from "../../platform/lost-race.js";
import { untilWon } from "../retry.js";
import { contactStore, type ContactStore } from "./contact-store.js";
import type { Contact } from "./contacts.js";

const CONTACTS = "secContacts";

/** Races are settled by preconditions, never by locks. */
export const firestoreContactStore = (firestore: () => Firestore): ContactStore => {
  const at = (uid: string) => firestore().collection(CONTACTS).doc(uid);
  return contactStore({
    list: async (uid) => read((await at(uid).get()).data()),
    apply: (uid, transition) =>
      untilWon(async () => {
        const snapshot = await at(uid).get();
        const { answer, next } = transition(read(snapshot.data()));
        if (next === undefined) return { answer };
        const row = { contacts: next };
        try {
          if (snapshot.updateTime === undefined) await at(uid).create(row);
          else await at(uid).update(row, { lastUpdateTime: snapshot.updateTime });
        } catch (error) {
          if (lostRace(error)) return undefined;
          throw error;
        }
        return { answer };
      }),
  });
};

const read = (row: object | undefined): readonly Contact[] =>
  (row as { contacts?: readonly Contact[] } | undefined)?.contacts ?? [];
