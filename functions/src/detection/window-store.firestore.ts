import { createHash } from "node:crypto";
import type { Firestore, Timestamp } from "firebase-admin/firestore";
import { DAY, HOUR } from "../kernel/time.js";
import { adminFirestoreSdk } from "../platform/sdk.js";
import { detectionError } from "./errors.js";
import { replaceDocument } from "./replace-document.js";
import { countEvent, emptyWindow, type Counted, type WindowState } from "./window.js";
import { claimOf, type SeenStore, type WindowStore } from "./window-store.js";

export const firestoreWindowStore = (firestore: () => Firestore): WindowStore => {
  const document = (id: string) => firestore().collection("detectionWindows").doc(id);
  return {
    count: (id, rule, event, window) =>
      replaceDocument<WindowState & { expireAt?: Timestamp }, Counted>(document(id), (current) => {
        const counted = countEvent(current ?? emptyWindow(rule), event, window);
        if (counted.state === current) return { answer: counted };
        const expireAt = timestamp(event.at + window.timespanMs + HOUR);
        return { write: { ...counted.state, expireAt }, answer: counted };
      }),
    find: async (id) => (await document(id).get()).data() as WindowState | undefined,
  };
};

export const firestoreSeenStore = (firestore: () => Firestore): SeenStore => {
  // Hashed: a document id may not hold every character that a message id may.
  const document = (id: string) =>
    firestore().collection("detectionSeen").doc(createHash("sha256").update(id).digest("base64url"));
  const row = (at: number, done: boolean) => ({ claimedAt: at, done, expireAt: timestamp(at + DAY) });
  return {
    has: async (id) => ((await document(id).get()).data() as Seen | undefined)?.done ?? false,
    mark: async (id, at) => void (await document(id).set(row(at, true))),
    claim: async (id, at) => {
      const found = await replaceDocument<Seen & { expireAt?: Timestamp }, ReturnType<typeof claimOf>>(
        document(id),
        (known) => {
          const answer = claimOf(known, at);
          return answer === "take" ? { write: row(at, false), answer } : { answer };
        },
      );
      if (found === "held") throw detectionError("contended");
      return found === "take";
    },
  };
};

interface Seen {
  readonly claimedAt: number;
  readonly done: boolean;
}

const timestamp = (at: number) => adminFirestoreSdk().Timestamp.fromMillis(at);
