import { createRequire } from "node:module";
import type { DocumentData } from "firebase-admin/firestore";
import { join } from "node:path";
import type { Suite } from "../suite/index.ts";
import { root } from "../suite/paths.ts";

/** Looks at what is really stored, past rules and callables. It never changes anything the story claims. */
export interface Observe {
  readonly account: (emailOrUid: string) => Promise<{ uid: string; disabled: boolean } | undefined>;
  readonly document: (path: string, database?: "keys") => Promise<DocumentData | undefined>;
  readonly query: (collection: string, field: string, value: unknown) => Promise<DocumentData[]>;
  readonly files: (prefix: string) => Promise<string[]>;
  /** An object's bytes as they lie there. */
  readonly content: (path: string) => Promise<Uint8Array>;
  readonly createAccount: (email: string, password: string) => Promise<string>;
  /** Gives an account a role, as the project's owner does for the first operator. */
  readonly appoint: (uid: string, roles: readonly string[]) => Promise<void>;
  readonly publish: (topic: string, message: unknown) => Promise<void>;
  readonly upload: (path: string, content: string) => Promise<void>;
}

export const observeSuite = (suite: Suite): Observe => {
  Object.assign(process.env, suite.env, { METADATA_SERVER_DETECTION: "none" });
  const load = createRequire(join(root, "functions/package.json"));
  const { initializeApp } = load("firebase-admin/app") as typeof import("firebase-admin/app");
  const { getAuth } = load("firebase-admin/auth") as typeof import("firebase-admin/auth");
  const { getFirestore } = load("firebase-admin/firestore") as typeof import("firebase-admin/firestore");
  const { getStorage } = load("firebase-admin/storage") as typeof import("firebase-admin/storage");
  const { PubSub } = load("@google-cloud/pubsub") as typeof import("@google-cloud/pubsub");
  const app = initializeApp({ projectId: suite.project }, `observer-${String(Date.now())}`);
  const firestore = getFirestore(app);
  const bucket = () => getStorage(app).bucket(suite.env["FIREKEEP_BUCKET"]);
  const pubsub = new PubSub({ projectId: suite.project });
  return {
    account: async (emailOrUid) => {
      try {
        const auth = getAuth(app);
        return await (emailOrUid.includes("@") ? auth.getUserByEmail(emailOrUid) : auth.getUser(emailOrUid));
      } catch (error) {
        if ((error as { code?: string }).code === "auth/user-not-found") return undefined;
        throw error;
      }
    },
    document: async (path, database) =>
      (await (database === undefined ? firestore : getFirestore(app, database)).doc(path).get()).data(),
    query: async (collection, field, value) =>
      (await firestore.collection(collection).where(field, "==", value).get()).docs.map((found) => found.data()),
    files: async (prefix) => (await bucket().getFiles({ prefix }))[0].map((file) => file.name),
    content: async (path) => (await bucket().file(path).download())[0],
    createAccount: async (email, password) =>
      (await getAuth(app).createUser({ email, password, emailVerified: true })).uid,
    appoint: async (uid, roles) => {
      await firestore.doc(`secUsers/${uid}`).set({ roles }, { merge: true });
    },
    publish: async (topic, message) => {
      await pubsub.topic(topic).publishMessage({ json: message });
    },
    upload: async (path, content) => {
      await bucket().file(path).save(content, { resumable: false });
    },
  };
};
