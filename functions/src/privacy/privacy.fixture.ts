import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import type { Firestore } from "firebase-admin/firestore";
import type { Access } from "../audit/index.js";
import { signStatement } from "../audit/signed-statement.js";
import { noteOpened } from "../encryption/documents/open-documents.js";
import { readWith } from "../encryption/documents/reader.js";
import type { HeldFile, OpenedHeldFile, Reading } from "../encryption/index.js";
import type {
  CollectionDeclaration,
  DataMapDeclaration,
  FieldDeclaration,
  FolderDeclaration,
} from "../kernel/data-map/declaration.js";
import { defineDataMap } from "../kernel/data-map/define.js";
import type { DataMap } from "../kernel/data-map/map.js";
import type { SecurityEvent } from "../kernel/event.js";
import { ownCollections, ownFolders } from "../platform/own-data.js";
import type { TaskQueue } from "../platform/tasks.js";
import type { Accounts } from "./accounts.js";
import { firestoreSessionEnder } from "./end-sessions.firestore.js";
import type { Files } from "./files.js";
import { firestoreJobStore } from "./job-store.firestore.js";
import { firestoreSubjectRecords } from "./records.firestore.js";
import type { ExportDeps } from "./run-export.js";

const collection = (
  path: string,
  rest: Pick<CollectionDeclaration, "subject" | "erase" | "fields">,
): CollectionDeclaration => ({
  path,
  description: "A collection of the test",
  purpose: "Test",
  legalBasis: "contract",
  retention: { days: "indefinite", then: "delete" },
  recipients: ["none"],
  access: { read: "nobody", write: "nobody" },
  ...rest,
});

const folder = (path: string, erase: FolderDeclaration["erase"]): FolderDeclaration => ({
  folder: path,
  description: "A folder of the test",
  class: "AMBER",
  subject: { by: "path", variable: "uid" },
  purpose: "Test",
  legalBasis: "contract",
  retention: { days: "indefinite", then: "delete" },
  recipients: ["none"],
  erase,
  access: { read: "nobody", write: "nobody" },
  maxBytes: 1_000,
  contentTypes: ["image/png"],
});

const plain: FieldDeclaration = { class: "AMBER", type: "string", origin: "given", stored: "plain" };
const green: FieldDeclaration = { class: "GREEN", type: "string", origin: "observed" };
const members: FieldDeclaration = { class: "AMBER", type: "array", origin: "observed", stored: "plain" };
const keep = { keep: "legal-obligation", because: "Tax law", days: 3_650 } as const;

/** Every way in which a document or an object can be about somebody. */
export const shapes = {
  app: "shapes",
  controller: { name: "Test", contact: "privacy@test.example" },
  authRecord: { purpose: "Sign in", legalBasis: "contract" },
  collections: {
    profiles: collection("profiles/{uid}", {
      subject: { by: "path", variable: "uid" },
      erase: "delete",
      fields: {
        name: plain,
        email: { class: "RED", type: "string", origin: "given", lookup: "email" },
        friend: { ...plain, thirdParty: true },
      },
    }),
    wishes: collection("wishlists/{uid}/wishes/{wish}", {
      subject: { by: "path", variable: "uid" },
      erase: "delete",
      fields: { text: plain },
    }),
    pages: collection("diaries/{uid}/years/{year}/pages/{page}", {
      subject: { by: "path", variable: "uid" },
      erase: "delete",
      fields: { text: plain },
    }),
    seats: collection("teams/{team}/seats/{uid}", {
      subject: { by: "path", variable: "uid" },
      erase: "delete",
      fields: { text: plain },
    }),
    notes: collection("notes/{note}", {
      subject: { by: "field", field: "owner" },
      erase: "delete",
      fields: {
        owner: plain,
        text: plain,
        contact: { class: "RED", type: "string", origin: "given", lookup: "email" },
      },
    }),
    replies: collection("notes/{note}/replies/{reply}", {
      subject: { by: "field", field: "author" },
      erase: "anonymise",
      fields: { author: plain, text: plain, topic: green },
    }),
    orders: collection("orders/{order}", {
      subject: { by: "field", field: "buyer" },
      erase: keep,
      fields: {
        buyer: plain,
        total: green,
        address: { class: "RED", type: "string", origin: "given", erase: "delete" },
      },
    }),
    rooms: collection("rooms/{room}", {
      subject: { by: "array", field: "members" },
      erase: "anonymise",
      fields: { members, topic: green },
    }),
    pairs: collection("pairs/{pair}", {
      subject: { by: "array", field: "both" },
      erase: "delete",
      fields: { both: members },
    }),
  },
  folders: {
    photos: folder("photos/{uid}/", "delete"),
    papers: folder("papers/{kind}/{uid}/", "delete"),
    invoices: folder("invoices/{uid}/", keep),
    letters: { ...folder("letters/{uid}/", "delete"), class: "RED" },
  },
} satisfies DataMapDeclaration;

export const shapesMap = (): DataMap => defineDataMap(shapes, { collections: ownCollections, folders: ownFolders });

/** A map small enough to die at every single step of its erasure. */
export const smallMap = (): DataMap => {
  const { profiles, notes, orders, rooms } = shapes.collections;
  const { privacyJobs, privacyRequests } = ownCollections;
  return defineDataMap(
    { ...shapes, collections: { profiles, notes, orders, rooms }, folders: { photos: shapes.folders.photos } },
    { collections: { privacyJobs, privacyRequests }, folders: {} },
  );
};

export const memoryFiles = (): Files & { readonly objects: Map<string, string> } => {
  const objects = new Map<string, string>();
  return {
    objects,
    list: (prefix, { after, limit }) => {
      const names = [...objects.keys()]
        .filter((name) => name.startsWith(prefix) && (after === undefined || name > after))
        .sort();
      const files = names.slice(0, limit).map((name) => {
        return {
          name,
          bytes: objects.get(name)?.length ?? 0,
          contentType: "image/png",
          updated: "2026-11-22T00:00:00Z",
        };
      });
      const last = files.at(-1)?.name;
      return Promise.resolve({ files, ...(names.length > limit && last !== undefined && { next: last }) });
    },
    remove: (name) => {
      objects.delete(name);
      return Promise.resolve();
    },
    write: async (name, content) => {
      objects.set(name, typeof content === "string" ? content : (await buffer(content)).toString());
    },
    read: (name) => {
      const found = objects.get(name);
      return Promise.resolve(found === undefined ? undefined : Readable.from([found]));
    },
  };
};

export const memoryAccounts = (): Accounts & { readonly states: Map<string, "open" | "closed"> } => {
  const states = new Map<string, "open" | "closed">();
  return {
    states,
    find: (uid) =>
      Promise.resolve(
        states.has(uid) ? { uid, email: `${uid}@test.example`, facts: { email: `${uid}@test.example` } } : undefined,
      ),
    close: (uid) => {
      if (states.has(uid)) states.set(uid, "closed");
      return Promise.resolve();
    },
    remove: (uid) => {
      states.delete(uid);
      return Promise.resolve();
    },
  };
};

/** Keeps tasks until they are run. As in Cloud Tasks, a name counts once. */
export const memoryQueue = (): TaskQueue & { readonly waiting: { data: object }[] } => {
  const names = new Set<string>();
  const waiting: { data: object }[] = [];
  return {
    waiting,
    enqueue: (_, { id, data }) => {
      if (!names.has(id)) waiting.push({ data });
      names.add(id);
      return Promise.resolve();
    },
  };
};

const auditKey = generateKeyPairSync("ed25519");
export const auditKeyPem = auditKey.publicKey.export({ format: "pem", type: "spki" }).toString();

/** All that exports and erasures need: Firestore is the emulator's, the rest is in memory. */
export const privacyWorld = (firestore: Firestore, map: DataMap) => {
  let now = Date.UTC(2026, 10, 22, 12);
  const clock = () => now;
  const keys = new Set<string>();
  const events: SecurityEvent[] = [];
  const accesses: Access[] = [];
  const recordAccesses = (all: readonly Access[]) => {
    accesses.push(...all);
    return Promise.resolve();
  };
  const forgotten: string[] = [];
  const deps = {
    map: () => map,
    jobs: firestoreJobStore(() => firestore),
    records: firestoreSubjectRecords({ app: () => firestore, keys: () => firestore }),
    files: memoryFiles(),
    accounts: memoryAccounts(),
    queue: memoryQueue(),
    endSessions: firestoreSessionEnder(() => firestore, clock),
    clock,
    pageSize: 3,
    sliceMs: 60_000,
    random: (size: number) => randomBytes(size),
    // The test's own encryption: the token is the text itself.
    open: (request: Parameters<ExportDeps["open"]>[0], reading: Reading) => {
      const { data } = request;
      const { fields } = map.collection(request.collection);
      const tokens = Object.entries((data["_e"] ?? {}) as Record<string, Uint8Array>).filter(
        ([name]) => fields[name]?.hardware !== true,
      );
      const opened = Object.fromEntries(tokens.map(([name, token]) => [name, Buffer.from(token).toString()]));
      const plainFields = Object.entries(data).filter(([name]) => !name.startsWith("_"));
      const values = { ...Object.fromEntries(plainFields), ...opened };
      return Promise.resolve(noteOpened({ dataMap: () => map }, reading, request, values));
    },
    readAs: ((reader, read, options) => readWith({ recordAccesses }, reader, read, options)) as ExportDeps["readAs"],
    heldFiles: () => Promise.resolve<HeldFile[]>([]),
    openHeldFile: () => Promise.reject<OpenedHeldFile>(new Error("there are no encrypted files")),
    blindIndex: (_collection: string, _field: string, value: string) =>
      Promise.resolve([Buffer.from(`index of ${value}`)]),
    destroyKeys: (uid: string) => Promise.resolve({ destroyed: keys.delete(uid) ? 2 : 0 }),
    hasKeys: (uid: string) => Promise.resolve(keys.has(uid)),
    keyedHash: (label: string, value: Uint8Array) =>
      Promise.resolve(Buffer.from(`${label}|${Buffer.from(value).toString("hex")}`)),
    forgetSubject: (uid: string) => {
      forgotten.push(uid);
      return Promise.resolve();
    },
    sign: (statement: object) =>
      signStatement(
        {
          sign: (bytes) =>
            Promise.resolve({
              signature: sign(null, bytes, auditKey.privateKey),
              keyVersion: "test/1",
              publicKey: auditKeyPem,
            }),
        },
        statement,
      ),
    record: (event: SecurityEvent) => {
      events.push(event);
      return Promise.resolve();
    },
    publicUrl: () => "https://api.test.example",
  };
  return { deps, keys, events, accesses, forgotten, pass: (ms: number) => (now += ms) };
};

/** One document or object of every shape, for one person. */
export const seedPerson = async (
  firestore: Firestore,
  uid: string,
  world: ReturnType<typeof privacyWorld>,
): Promise<void> => {
  const token = (text: string) => Buffer.from(text);
  const email = `${uid}@test.example`;
  const documents: Record<string, Record<string, unknown>> = {
    [`profiles/${uid}`]: {
      name: `canary-${uid}-profile`,
      friend: "canary-of-another",
      _e: { email: token(email) },
      _b: { email: token(`index of ${email}`) },
    },
    [`wishlists/${uid}/wishes/a`]: { text: `canary-${uid}-wish-a` },
    [`wishlists/${uid}/wishes/b`]: { text: `canary-${uid}-wish-b` },
    [`diaries/${uid}/years/2025/pages/a`]: { text: `canary-${uid}-page-a` },
    [`diaries/${uid}/years/2026/pages/b`]: { text: `canary-${uid}-page-b` },
    [`teams/red/seats/${uid}`]: { text: `canary-${uid}-seat` },
    [`secSessions/session-${uid}`]: { uid, sid: `session-${uid}`, country: `canary-${uid}-session` },
    [`secUsers/${uid}`]: { roles: [`canary-${uid}-role`] },
    [`accessLog/access-${uid}`]: { uid, at: 1, purpose: `canary-${uid}-access` },
    [`orders/order-${uid}`]: {
      buyer: uid,
      total: `canary-${uid}-total`,
      _e: { address: token(`canary-${uid}-address`) },
      _ek: 1,
    },
    [`rooms/room-${uid}`]: { members: [uid, "somebody"], topic: `canary-${uid}-topic` },
    [`pairs/pair-${uid}`]: { both: [uid] },
    [`storedFiles/upload-${uid}`]: { uid, folder: "letters", place: `letters/${uid}/`, state: "open", size: 9 },
  };
  for (const number of [1, 2, 3, 4, 5, 6, 7]) {
    documents[`notes/note-${uid}-${String(number)}`] = { owner: uid, text: `canary-${uid}-note-${String(number)}` };
    documents[`notes/note-x/replies/reply-${uid}-${String(number)}`] = {
      author: uid,
      text: `canary-${uid}-reply-${String(number)}`,
      topic: "t",
    };
  }
  const batch = firestore.batch();
  for (const [path, data] of Object.entries(documents)) batch.set(firestore.doc(path), data);
  await batch.commit();
  for (const name of [
    `photos/${uid}/a.png`,
    `photos/${uid}/b/c.png`,
    `papers/pass/${uid}/p.png`,
    `invoices/${uid}/i.png`,
    `letters/${uid}/upload-${uid}/00000-a`,
  ]) {
    world.deps.files.objects.set(name, `canary-${uid}-file`);
  }
  world.deps.accounts.states.set(uid, "open");
  world.keys.add(uid);
};

/** Everything that is in the map's collections, by path. */
export const allDocuments = async (
  firestore: Firestore,
  map: DataMap,
): Promise<Map<string, Record<string, unknown>>> => {
  const groups = [...new Set(map.collections.map(({ group }) => group))];
  const found = await Promise.all(groups.map((group) => firestore.collectionGroup(group).get()));
  return new Map(found.flatMap(({ docs }) => docs.map((row) => [row.ref.path, row.data()] as const)));
};

/** Empties the emulator's project in one call. */
export const wipe = async (project: string): Promise<void> => {
  const host = process.env["FIRESTORE_EMULATOR_HOST"] ?? "";
  await fetch(`http://${host}/emulator/v1/projects/${project}/databases/(default)/documents`, { method: "DELETE" });
};
