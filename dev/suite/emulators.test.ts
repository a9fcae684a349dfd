import { describe, expect, test } from "@jest/globals";
import { findEmulator } from "./emulators.ts";
import type { Places } from "./emulators.ts";

const cached = {
  firestore: "cloud-firestore-emulator-v1.jar",
  pubsub: "pubsub-1/bin/pubsub",
  storage: "storage-rules-v1.jar",
};
const inCache = "/home/me/.cache/firebase/emulators/cloud-firestore-emulator-v1.jar";
const inSdk = "/sdk/platform/cloud-firestore-emulator/cloud-firestore-emulator.jar";

const places = (files: string[], env: Record<string, string> = {}): Places => ({
  env,
  home: "/home/me",
  exists: (path) => files.includes(path),
  realpath: (path) => (path === "/usr/bin/gcloud" ? "/sdk/bin/gcloud" : path),
  cached,
});

describe("where an emulator is taken from", () => {
  test("the environment goes before the Firebase CLI's cache, the cache before the Cloud SDK", () => {
    const files = ["/given.jar", inCache, inSdk, "/usr/bin/gcloud"];
    const env = { PATH: "/usr/bin" };
    expect(findEmulator("firestore", places(files, { ...env, FIRESTORE_EMULATOR_BINARY_PATH: "/given.jar" }))).toEqual({
      path: "/given.jar",
      source: "environment",
    });
    expect(findEmulator("firestore", places(files, env))).toEqual({ path: inCache, source: "Firebase CLI's cache" });
    expect(findEmulator("firestore", places([inSdk, "/usr/bin/gcloud"], env))).toEqual({
      path: inSdk,
      source: "Cloud SDK",
    });
  });

  test("FIREBASE_EMULATORS_PATH moves the cache, CLOUDSDK_ROOT names the SDK", () => {
    const moved = places(["/cache/pubsub-1/bin/pubsub"], { FIREBASE_EMULATORS_PATH: "/cache" });
    expect(findEmulator("pubsub", moved)?.path).toBe("/cache/pubsub-1/bin/pubsub");
    expect(findEmulator("firestore", places([inSdk], { CLOUDSDK_ROOT: "/sdk" }))?.path).toBe(inSdk);
  });

  test("another version in the cache does not count", () => {
    expect(
      findEmulator("firestore", places(["/home/me/.cache/firebase/emulators/cloud-firestore-emulator-v0.jar"])),
    ).toBeUndefined();
  });

  test("a named file that does not exist is refused, not passed over", () => {
    expect(() => findEmulator("firestore", places([inCache], { FIRESTORE_EMULATOR_BINARY_PATH: "/gone.jar" }))).toThrow(
      "FIRESTORE_EMULATOR_BINARY_PATH names /gone.jar, which does not exist. Correct or unset it.",
    );
  });

  test("the Cloud SDK has no Storage rules runtime", () => {
    expect(findEmulator("storage", places([inSdk], { CLOUDSDK_ROOT: "/sdk" }))).toBeUndefined();
  });
});
