import { randomBytes } from "node:crypto";
import { config } from "../../config.js";
import type { DataMapDeclaration } from "../../kernel/data-map/declaration.js";
import { defineDataMap } from "../../kernel/data-map/define.js";
import type { DataMap } from "../../kernel/data-map/map.js";
import type { SecurityEvent } from "../../kernel/event.js";
import { lazy } from "../../kernel/lazy.js";
import { ownCollections, ownFolders } from "../../platform/own-data.js";
import { fakeKms, testNatives } from "../encryption.fixture.js";
import { memoryIndexRootStore } from "../indexes/index-root-store.js";
import { memoryDataKeyStore } from "../keys/data-key-store.js";
import { memoryEpochStore } from "../keys/epoch-store.js";
import { KEY_TIERS } from "../keys/key-class.js";
import { sealDocument } from "../tokens/seal-document.js";
import { sealSecretToken } from "../tokens/seal-secret.js";
import { wire } from "../wire.js";
import { memoryJobStore, type JobKind } from "./job.js";
import { rotation, type RotationGround } from "./rotation.js";
import { runRotation } from "./run-rotation.js";
import { memorySweepDocuments } from "./sweep-documents.js";

const collection = {
  description: "Test data",
  purpose: "Test the rotation",
  legalBasis: "contract",
  retention: { days: 30, from: "since", then: "delete" },
  recipients: ["none"],
  erase: "delete",
} as const;

const since = { class: "GREEN", type: "timestamp", origin: "observed" } as const;

const declaration = {
  app: "test",
  controller: { name: "Test", contact: "privacy@test.example" },
  authRecord: { purpose: "Sign people in", legalBasis: "contract" },
  folders: {},
  collections: {
    people: {
      ...collection,
      path: "people/{uid}",
      subject: { by: "path", variable: "uid" },
      access: { read: "subject", write: "nobody" },
      fields: {
        email: { class: "RED", type: "string", origin: "given", lookup: "email" },
        scan: { class: "RED", type: "string", origin: "given", hardware: true },
        bio: { class: "AMBER", type: "string", origin: "given" },
        since,
      },
    },
    notes: {
      ...collection,
      path: "rooms/{room}/notes/{note}",
      subject: { by: "field", field: "owner" },
      access: { read: "subject", write: "nobody" },
      fields: {
        owner: { class: "AMBER", type: "string", origin: "given", stored: "plain" },
        text: { class: "RED", type: "string", origin: "given", lookup: "case-insensitive" },
        since,
      },
    },
    letters: {
      ...collection,
      path: "letters/{uid}",
      subject: { by: "path", variable: "uid" },
      access: { read: "subject", write: "nobody" },
      tokens: "document",
      fields: {
        from: { class: "RED", type: "string", origin: "given" },
        pages: { class: "AMBER", type: "number", origin: "given" },
        since,
      },
    },
  },
} as const satisfies DataMapDeclaration;

export const rotationMap = lazy(() => defineDataMap(declaration, { collections: ownCollections, folders: ownFolders }));

interface Task {
  readonly functionId: string;
  readonly id: string;
  readonly kind: JobKind;
  readonly dueAt: number;
}

/** What every port goes through: may throw before and after each operation. */
export type Tap = (operation: string) => Promise<void>;

const tapped = <Port extends object>(name: string, port: Port, tap: Tap): Port =>
  new Proxy(port, {
    get: (target, key) => {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== "function" || typeof key !== "string") return method;
      return async (...args: unknown[]) => {
        await tap(`${name}.${key} before`);
        const answer: unknown = await Reflect.apply(method, target, args);
        await tap(`${name}.${key} after`);
        return answer;
      };
    },
  });

/** How long sealed objects are kept. */
export const KEPT = config.privacy.exportKeepMs;

const NO_TAP: Tap = () => Promise.resolve();

/** Everything that outlives an instance, in memory; a clock that stands still until it is moved; instances that may die. */
export const rotationWorld = (limits: Partial<RotationGround["limits"]> = {}, dataMap: () => DataMap = rotationMap) => {
  const fake = fakeKms();
  const time = { now: 1_800_000_000_000 };
  const swept = memorySweepDocuments();
  const stores = {
    store: memoryDataKeyStore(),
    epochs: memoryEpochStore(),
    roots: memoryIndexRootStore(),
  };
  const jobs = memoryJobStore();
  const events: SecurityEvent[] = [];
  const tasks: Task[] = [];
  const known = new Set<string>();
  const queue = {
    enqueue: (functionId: string, { id, data, delayMs = 0 }: { id: string; data: object; delayMs?: number }) => {
      if (!known.has(id))
        tasks.push({ functionId, id, kind: (data as { kind: JobKind }).kind, dueAt: time.now + delayMs });
      known.add(id);
      return Promise.resolve();
    },
  };
  const ground = {
    dataMap,
    natives: testNatives,
    clock: () => time.now,
    random: (size: number) => randomBytes(size),
    limits: config.keys,
  };
  const record = (event: SecurityEvent) => {
    events.push(event);
    return Promise.resolve();
  };
  /** A process with nothing in memory. */
  const instance = (tap: Tap = NO_TAP) =>
    rotation({
      domain: wire({
        ...ground,
        kms: tapped("kms", fake.kms, tap),
        store: tapped("store", stores.store, tap),
        epochs: tapped("epochs", stores.epochs, tap),
        roots: tapped("roots", stores.roots, tap),
      }),
      documents: tapped("documents", swept.documents, tap),
      jobs: tapped("jobs", jobs, tap),
      queue: tapped("queue", queue, tap),
      record,
      keyClasses: () => KEY_TIERS,
      limits: { ...config.keys, ...config.rotation, objectsKeptMs: KEPT, pageSize: 5, parallel: 3, ...limits },
    });
  return { ...swept, ...stores, jobs, events, tasks, time, kmsState: fake.state, instance };
};

export type RotationWorld = ReturnType<typeof rotationWorld>;
export type Instance = ReturnType<RotationWorld["instance"]>;

/** Works off the queue until it is empty; time passes as tasks say. A task whose instance fails is delivered once more. */
export const workOff = async (world: RotationWorld, next: () => Instance = world.instance): Promise<void> => {
  for (let deliveries = 0; world.tasks.length > 0; deliveries += 1) {
    if (deliveries > 500) throw new Error("the rotation does not end");
    const task = world.tasks.shift();
    if (task === undefined) return;
    world.time.now = Math.max(world.time.now, task.dueAt);
    await runRotation(next(), task.kind).catch(() => void world.tasks.push(task));
  }
};

/** People with a profile, a note, a letter and a sealed address each. Deterministic, but for keys and nonces. */
export const populate = async (world: RotationWorld, people: number): Promise<string[]> => {
  const writer = world.instance();
  const uids = Array.from({ length: people }, (_, index) => `u${String(index).padStart(5, "0")}`);
  for (const uid of uids) {
    await write(world, writer, { collection: "people", path: `people/${uid}`, subject: uid, values: profileOf(uid) });
    const path = `rooms/r1/notes/n-${uid}`;
    await write(world, writer, {
      collection: "notes",
      path,
      subject: uid,
      values: { owner: uid, text: `Note of ${uid}` },
    });
    const letter = { from: `Aunt of ${uid}`, pages: 3 };
    await write(world, writer, { collection: "letters", path: `letters/${uid}`, subject: uid, values: letter });
    const secret = { label: `identity.contact/${uid}-c`, subject: uid, secret: Buffer.from(`${uid}@old.example`) };
    world.put(`secContacts/${uid}`, {
      contacts: [{ id: `${uid}-c`, sealed: await sealSecretToken(writer, secret), hash: "h" }],
    });
  }
  return uids;
};

export const profileOf = (uid: string) => ({
  email: `${uid}@example.com`,
  scan: `passport of ${uid}`,
  bio: `I am ${uid}`,
});

export const write = async (
  world: RotationWorld,
  instance: Instance,
  request: Parameters<typeof sealDocument>[1],
): Promise<void> => world.put(request.path, { ...(await sealDocument(instance, request)) });

/** What lies under `_e` or `_b` of a document, by field. */
export const bytesIn = (data: object | undefined, map: "_e" | "_b"): Record<string, Buffer> =>
  ((data as Record<string, unknown> | undefined)?.[map] ?? {}) as Record<string, Buffer>;
