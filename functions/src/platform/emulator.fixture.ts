import { randomUUID } from "node:crypto";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getFirestore, type Firestore } from "firebase-admin/firestore";

/**
 * Firestore for a test: the emulator that `npm test` keeps up, under a project of the test's own.
 * Without one the test fails with this sentence; it never passes by not running.
 */
export const emulatedFirestore = (
  name: string,
  database?: string,
): { firestore: Firestore; close: () => Promise<void> } => {
  if (process.env["FIRESTORE_EMULATOR_HOST"] === undefined) {
    throw new Error("FIRESTORE_EMULATOR_HOST is not set: run this test with `npm test -- <file>`");
  }
  // Two in one millisecond must not share an app: whoever closes first would close both.
  const app = initializeApp({ projectId: `demo-${name}` }, `${name}-${randomUUID()}`);
  const firestore = database === undefined ? getFirestore(app) : getFirestore(app, database);
  return { firestore, close: () => deleteApp(app) };
};
