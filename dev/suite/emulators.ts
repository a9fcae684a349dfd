import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { say, setupError } from "../setup/say.mjs";
import { downloadEmulator } from "./download-emulator.ts";
import { writeLauncherJar } from "./jar.ts";
import type { Jdk } from "./java.ts";
import { cacheDir, root } from "./paths.ts";
import { compileStorageRules } from "./storage-rules.ts";

export type Downloadable = "firestore" | "pubsub" | "storage";

/** Where an emulator's program is, and how it got there. */
export interface Found {
  path: string;
  source: "environment" | "Firebase CLI's cache" | "Cloud SDK";
}

export interface Places {
  env: Record<string, string | undefined>;
  home: string;
  exists: (path: string) => boolean;
  realpath: (path: string) => string;
  /** File name in the Firebase CLI's cache, per emulator: the version that the installed CLI asks for. */
  cached: Record<Downloadable, string>;
}

/**
 * Finds every emulator program, downloads what is missing, and answers the environment that tells the Firebase CLI.
 * Storage is left out, loudly, where no rules runtime can be had: `storage` is then false.
 */
export const prepareEmulators = async (jdk: Jdk): Promise<{ env: Record<string, string>; storage: boolean }> => {
  mkdirSync(cacheDir, { recursive: true });
  const places = thisMachine();
  const firestore = await required("firestore", places, jdk);
  const pubsub = await required("pubsub", places, jdk);
  const env: Record<string, string> = {};
  if (firestore?.source === "Cloud SDK") env["FIRESTORE_EMULATOR_BINARY_PATH"] = firestoreLauncher(firestore.path);
  if (pubsub?.source === "Cloud SDK") env["PUBSUB_EMULATOR_BINARY_PATH"] = pubsubLauncher(pubsub.path);
  const storage = await storageRuntime(places, jdk, firestore?.path);
  return { env: { ...env, ...storage.env }, storage: storage.found };
};

/** The first place that has the emulator: the environment, the Firebase CLI's cache, the Cloud SDK. */
export const findEmulator = (name: Downloadable, places: Places): Found | undefined => {
  const given = places.env[`${name.toUpperCase()}_EMULATOR_BINARY_PATH`];
  if (given !== undefined) {
    if (places.exists(given)) return { path: given, source: "environment" };
    throw setupError(
      `${name.toUpperCase()}_EMULATOR_BINARY_PATH names ${given}, which does not exist. Correct or unset it.`,
    );
  }
  const cache = places.env["FIREBASE_EMULATORS_PATH"] ?? join(places.home, ".cache/firebase/emulators");
  const cached = join(cache, places.cached[name]);
  if (places.exists(cached)) return { path: cached, source: "Firebase CLI's cache" };
  const inSdk = IN_CLOUD_SDK[name];
  if (inSdk === undefined) return undefined;
  const path = cloudSdks(places)
    .map((sdk) => join(sdk, inSdk))
    .find((file) => places.exists(file));
  return path === undefined ? undefined : { path, source: "Cloud SDK" };
};

const IN_CLOUD_SDK: Partial<Record<Downloadable, string>> = {
  firestore: "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
  pubsub: "platform/pubsub-emulator/bin/cloud-pubsub-emulator",
};

const cloudSdks = ({ env, home, exists, realpath }: Places): string[] => {
  const named = [env["CLOUDSDK_ROOT"], env["CLOUDSDK_ROOT_DIR"]].filter((path) => path !== undefined);
  const besideGcloud = (env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "gcloud"))
    .filter(exists)
    .map((gcloud) => dirname(dirname(realpath(gcloud))));
  return [...named, ...besideGcloud, join(home, "google-cloud-sdk")];
};

/** Undefined when the Firebase CLI has just downloaded it: it finds its own cache. */
const required = async (name: Downloadable, places: Places, jdk: Jdk): Promise<Found | undefined> => {
  const found = findEmulator(name, places);
  if (found !== undefined) {
    say(`${TITLE[name]} emulator: ${found.source} (${found.path})`);
    return found;
  }
  if (await downloadEmulator(name, jdk)) {
    say(`${TITLE[name]} emulator: downloaded by the Firebase CLI`);
    return findEmulator(name, places);
  }
  throw setupError(
    `the ${TITLE[name]} emulator was not found and could not be downloaded. Install it with ` +
      `\`gcloud components install ${COMPONENT[name]}\`, or connect to the internet once, or set ` +
      `${name.toUpperCase()}_EMULATOR_BINARY_PATH.`,
  );
};

const TITLE: Record<Downloadable, string> = { firestore: "Firestore", pubsub: "Pub/Sub", storage: "Storage" };
const COMPONENT: Record<Downloadable, string> = {
  firestore: "cloud-firestore-emulator",
  pubsub: "pubsub-emulator",
  storage: "",
};

const storageRuntime = async (
  places: Places,
  jdk: Jdk,
  firestoreJar: string | undefined,
): Promise<{ env: Record<string, string>; found: boolean }> => {
  const official = findEmulator("storage", places);
  if (official !== undefined) {
    say(`Storage rules: ${official.source} (${official.path})`);
    return { env: {}, found: true };
  }
  const standIn = firestoreJar === undefined ? undefined : await compileStorageRules(jdk, firestoreJar);
  if (standIn !== undefined) {
    say("Storage rules: stand-in on the Firestore emulator's rules engine");
    return { env: { STORAGE_EMULATOR_BINARY_PATH: standIn }, found: true };
  }
  if (await downloadEmulator("storage", jdk)) {
    say("Storage rules: downloaded by the Firebase CLI");
    return { env: {}, found: true };
  }
  say("WARNING  Storage is LEFT OUT: no rules runtime was found, compiled or downloaded. Files and exports will fail.");
  say("WARNING  Remedy: connect to the internet once, or use a JDK with javac and a Firestore emulator jar.");
  return { env: {}, found: false };
};

const firestoreLauncher = (jar: string): string => {
  const file = join(cacheDir, `firestore-${fingerprint(jar)}.jar`);
  if (!existsSync(file)) writeLauncherJar(file, FIRESTORE_MAIN, [jar]);
  return file;
};

const FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";

/** A script of our own, because the Firebase CLI changes the mode of the file that it is given. */
const pubsubLauncher = (program: string): string => {
  const file = join(cacheDir, `pubsub-${fingerprint(program)}.sh`);
  writeFileSync(file, `#!/bin/sh\nexec '${program.replaceAll("'", "'\\''")}' "$@"\n`);
  chmodSync(file, 0o755);
  return file;
};

const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

const thisMachine = (): Places => ({
  env: process.env,
  home: process.env["HOME"] ?? "/",
  exists: existsSync,
  realpath: realpathSync,
  cached: cachedNames(),
});

const cachedNames = (): Record<Downloadable, string> => {
  const file = join(root, "node_modules/firebase-tools/lib/emulator/downloadableEmulatorInfo.json");
  const info = JSON.parse(readFileSync(file, "utf8")) as Record<Downloadable, CacheEntry>;
  const nameOf = (entry: CacheEntry): string =>
    entry.binaryPathRelativeToCacheDir ?? entry.downloadPathRelativeToCacheDir;
  return { firestore: nameOf(info.firestore), pubsub: nameOf(info.pubsub), storage: nameOf(info.storage) };
};

interface CacheEntry {
  downloadPathRelativeToCacheDir: string;
  binaryPathRelativeToCacheDir?: string;
}
