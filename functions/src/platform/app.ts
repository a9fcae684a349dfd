import type { App } from "firebase-admin/app";
import type { Auth } from "firebase-admin/auth";
import type { Firestore } from "firebase-admin/firestore";
import type { Storage } from "firebase-admin/storage";
import { readVariable, requireVariable } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { adminAppSdk, adminAuthSdk, adminFirestoreSdk, adminStorageSdk } from "./sdk.js";
import { watchTransactions } from "./transactions.js";

/** The Firebase app. Made once; a test that has made the default app already shares it. */
export const app = lazy((): App => {
  const { getApps, initializeApp } = adminAppSdk();
  const account = readVariable("FIREKEEP_TASKS_ACCOUNT");
  return getApps()[0] ?? initializeApp(account === undefined ? {} : { serviceAccountId: account });
});

/** The app's database, where Firekeep's own collections live too. No key is fetched inside its transactions. */
export const firestore = lazy((): Firestore => watchTransactions(adminFirestoreSdk().getFirestore(app())));

/** The database of wrapped data keys: apart, so that its backups can be short-lived. */
export const keysFirestore = lazy((): Firestore => adminFirestoreSdk().getFirestore(app(), "keys"));

export const auth = lazy((): Auth => adminAuthSdk().getAuth(app()));

const storage = lazy((): Storage => adminStorageSdk().getStorage(app()));

/** The bucket of exports and user files. */
export const bucket = (): ReturnType<Storage["bucket"]> => storage().bucket(requireVariable("FIREKEEP_BUCKET"));
