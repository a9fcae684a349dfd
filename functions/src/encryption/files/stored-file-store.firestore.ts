import type { DocumentSnapshot, Firestore, Query, Timestamp } from "firebase-admin/firestore";
import { wins } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { FileChange, SeenFile, StoredFile, StoredFileStore } from "./stored-file.js";

const STORED_FILES = "storedFiles";

export const firestoreStoredFiles = (firestore: () => Firestore): StoredFileStore => {
  const at = (file: string) => firestore().collection(STORED_FILES).doc(file);
  const all = async (query: Query): Promise<SeenFile[]> => (await query.get()).docs.flatMap((found) => seenIn(found));
  return {
    create: async (file, row) => {
      await at(file).create(row);
    },
    find: async (file) => seenIn(await at(file).get())[0],
    change: ({ file, revision }, change) =>
      wins(at(file).update(updateOf(change), { lastUpdateTime: revision as Timestamp })),
    remove: async (file) => {
      await at(file).delete();
    },
    countOpen: async (uid) => {
      const open = firestore().collection(STORED_FILES).where("uid", "==", uid).where("state", "==", "open");
      return (await open.count().get()).data().count;
    },
    list: ({ uid, place }, { after, limit }) => {
      const own = firestore().collection(STORED_FILES).where("uid", "==", uid).where("place", "==", place);
      const newest = own
        .where("state", "==", "stored")
        .orderBy("storedAt", "desc")
        .orderBy(adminFirestoreSdk().FieldPath.documentId(), "desc");
      return all((after === undefined ? newest : newest.startAfter(after.storedAt, after.file)).limit(limit));
    },
    page: ({ uid, folder }, { after, limit }) => {
      const own = firestore().collection(STORED_FILES).where("uid", "==", uid).where("folder", "==", folder);
      const ordered = own.orderBy(adminFirestoreSdk().FieldPath.documentId());
      return all((after === undefined ? ordered : ordered.startAfter(after)).limit(limit));
    },
    due: (now, limit) =>
      all(firestore().collection(STORED_FILES).where("endsAt", "<=", now).orderBy("endsAt").limit(limit)),
  };
};

const seenIn = (snapshot: DocumentSnapshot): SeenFile[] => {
  const row = snapshot.data() as StoredFile | undefined;
  return row === undefined ? [] : [{ file: snapshot.id, row, revision: snapshot.updateTime }];
};

const updateOf = (change: FileChange): Record<string, unknown> => {
  if ("part" in change) return { [`parts.${String(change.part[0])}`]: change.part[1] };
  return { ...change, endsAt: change.endsAt ?? adminFirestoreSdk().FieldValue.delete() };
};
