import type { DocumentData, DocumentReference } from "firebase-admin/firestore";
import { detectionError } from "./errors.js";
import { lostRace } from "../platform/lost-race.js";

const TRIES = 12;

/** The document's successor, or none to leave it as it is; and what to answer. */
export interface Step<Data, Answer> {
  readonly write?: Data;
  readonly answer: Answer;
}

/**
 * Reads a document, makes its successor and writes it unless somebody else did meanwhile; then again. Preconditions, not a
 * transaction: nothing is locked, and who loses reads again.
 *
 * @throws detection/contended after 12 lost races
 */
export const replaceDocument = async <Data extends object, Answer>(
  reference: DocumentReference,
  next: (current: Data | undefined) => Step<Data, Answer>,
): Promise<Answer> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const snapshot = await reference.get();
    const { write, answer } = next(snapshot.data() as Data | undefined);
    if (write === undefined) return answer;
    const data: DocumentData = { ...write };
    try {
      if (snapshot.updateTime === undefined) await reference.create(data);
      else await reference.update(data, { lastUpdateTime: snapshot.updateTime });
      return answer;
    } catch (error) {
      if (!lostRace(error)) throw error;
    }
  }
  throw detectionError("contended");
};
