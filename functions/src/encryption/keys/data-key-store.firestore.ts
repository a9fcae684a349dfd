import type {
  DocumentData,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  Timestamp,
} from "firebase-admin/firestore";
import type { EpochMs } from "../../kernel/time.js";
import { wins } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { DataKeyStore, KeySweep } from "./data-key-store.js";
import { addTo, isGone, retireFrom, rewrapIn, summaryOf, swept } from "./key-row.js";
import { classesOf, countKeys, type SubjectKeys } from "./subject-keys.js";

/**
 * `dataKeys/{subject}` in the database of keys: `{ RED: { "1": { wrapped, createdAt, kek } }, AMBER: …, kek: { RED: 1 … },
 * low: 1 }`. `kek` and `low` are what sweeps search by. Of a subject whose keys were destroyed, `{ expireAt }` is left for a
 * while: the same document, so that whoever was about to add a key loses the race against it.
 */
export const firestoreDataKeyStore = (keysFirestore: () => Firestore): DataKeyStore => {
  const collection = () => keysFirestore().collection("dataKeys");
  const reference = (subject: string) => collection().doc(subject);
  const query = (sweep: KeySweep): Query => collection().where(placeOf(sweep), "<", sweep.below);
  return {
    find: async (subject) => stateIn(await reference(subject).get()).keys,
    addVersion: async (subject, version, keys, { existing } = { existing: false }) => {
      const { keys: stored } = await change(reference(subject), (old) => {
        const refused = old.keys === undefined && (existing || isGone(old.goneUntil, keys));
        const next = refused ? undefined : addTo(old.keys, version, keys);
        return { keys: next ?? old.keys ?? {}, count: next === undefined ? 0 : 1 };
      });
      return countKeys(stored) === 0 ? undefined : stored;
    },
    rewrap: async (subject, changes) => (await change(reference(subject), ({ keys }) => rewrapIn(keys, changes))).count,
    retire: async (subject, below) => (await change(reference(subject), ({ keys }) => retireFrom(keys, below))).count,
    destroy: async (subject, goneUntil) => {
      const count = countKeys(stateIn(await reference(subject).get()).keys);
      await reference(subject).set({ expireAt: adminFirestoreSdk().Timestamp.fromMillis(goneUntil) });
      return count;
    },
    page: async (sweep, { after, limit }) => {
      const { FieldPath } = adminFirestoreSdk();
      const ordered = query(sweep).orderBy(placeOf(sweep)).orderBy(FieldPath.documentId());
      const from = after === undefined ? ordered : ordered.startAfter(after.at, after.subject);
      const { docs } = await from.limit(limit + 1).get();
      const rows = docs
        .slice(0, limit)
        .map((document) => ({ subject: document.id, keys: stateIn(document).keys ?? {} }));
      const last = docs.length > limit ? rows.at(-1) : undefined;
      return { rows, ...(last !== undefined && { next: { at: swept(last.keys, sweep) ?? 0, subject: last.subject } }) };
    },
    count: async (sweep) => {
      const found = sweep === undefined ? collection().where("low", ">", 0) : query(sweep);
      return (await found.count().get()).data().count;
    },
  };
};

const TRIES = 8;

/** What a document says: a subject's keys, or until when there shall be none. */
interface State {
  readonly keys: SubjectKeys | undefined;
  readonly goneUntil: EpochMs | undefined;
}

interface Change {
  readonly keys: SubjectKeys;
  /** 0: nothing to write. */
  readonly count: number;
}

/** Reads, decides, and writes if nobody else did meanwhile. A subject without keys has no document. */
const change = async (reference: DocumentReference, decide: (stored: State) => Change): Promise<Change> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const snapshot = await reference.get();
    const changed = decide(stateIn(snapshot));
    if (changed.count === 0) return changed;
    if (await wins(write(reference, snapshot, changed.keys))) return changed;
  }
  throw new Error(`no turn in ${String(TRIES)} tries to change a subject's data keys`);
};

const write = (reference: DocumentReference, snapshot: DocumentSnapshot, keys: SubjectKeys): Promise<unknown> => {
  const { updateTime } = snapshot;
  const row: DocumentData = { ...keys, ...summaryOf(keys) };
  if (updateTime === undefined) return reference.create(row);
  if (countKeys(keys) === 0) return reference.delete({ lastUpdateTime: updateTime });
  // An update leaves alone what it does not name: classes that are retired, the mark of a destruction long ago.
  const gone = Object.keys(snapshot.data() ?? {}).filter((name) => !(name in row));
  const deletions = gone.map((name) => [name, adminFirestoreSdk().FieldValue.delete()] as const);
  const changes: DocumentData = { ...row, ...Object.fromEntries(deletions) };
  return reference.update(changes, { lastUpdateTime: updateTime });
};

const placeOf = (sweep: KeySweep) =>
  sweep.by === "kek" ? new (adminFirestoreSdk().FieldPath)("kek", sweep.class) : "low";

const stateIn = (snapshot: DocumentSnapshot): State => {
  const row = (snapshot.data() ?? {}) as SubjectKeys & { readonly expireAt?: Timestamp };
  const keys = Object.fromEntries(classesOf(row).map((keyClass) => [keyClass, row[keyClass]])) as SubjectKeys;
  return { keys: countKeys(keys) === 0 ? undefined : keys, goneUntil: row.expireAt?.toMillis() };
};
