import type { Firestore, Query } from "firebase-admin/firestore";
import { incidentsError } from "./errors.js";
import type { Change, Incident, TimelineEntry } from "./incident.js";
import { TIMELINE_SHOWN, type IncidentStore } from "./incident-store.js";
import { lostRace } from "../platform/lost-race.js";

const TRIES = 12;

/** Preconditions instead of locks: who loses a race reads again. Listing by state needs the index (state, openedAt desc). */
export const firestoreIncidentStore = (firestore: () => Firestore): IncidentStore => {
  const collection = () => firestore().collection("incidents");
  return {
    find: async (id) => (await collection().doc(id).get()).data() as Incident | undefined,
    change: async (id, next) => {
      const reference = collection().doc(id);
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const snapshot = await reference.get();
        const current = snapshot.data() as Incident | undefined;
        const change = next(current);
        if (change === undefined) return current;
        const batch = firestore().batch();
        if (snapshot.updateTime === undefined) batch.create(reference, { ...change.incident });
        else batch.update(reference, { ...change.incident }, { lastUpdateTime: snapshot.updateTime });
        addEntries(batch, reference, change);
        try {
          await batch.commit();
          return change.incident;
        } catch (error) {
          if (!lostRace(error)) throw error;
        }
      }
      throw incidentsError("contended");
    },
    list: async ({ state, limit, before }) => {
      let query: Query = collection().orderBy("openedAt", "desc").limit(limit);
      if (state !== undefined) query = query.where("state", "==", state);
      if (before !== undefined) query = query.startAfter(before);
      return (await query.get()).docs.map((document) => document.data() as Incident);
    },
    timeline: async (id) => {
      const entries = await collection().doc(id).collection("timeline").orderBy("at").limit(TIMELINE_SHOWN).get();
      return entries.docs.map((document) => document.data() as TimelineEntry);
    },
  };
};

const addEntries = (
  batch: FirebaseFirestore.WriteBatch,
  reference: FirebaseFirestore.DocumentReference,
  { entries }: Change,
): void => {
  for (const entry of entries) batch.set(reference.collection("timeline").doc(entry.id), { ...entry });
};
