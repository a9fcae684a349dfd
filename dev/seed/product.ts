import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../suite/paths.ts";

const load = createRequire(join(root, "functions/package.json"));

/**
 * The built product, in this process: what the demo's past is made with is the very code that runs.
 * Its clients read the emulators' addresses from the environment, which must be set before.
 */
export const product = {
  assess: () =>
    load("./lib/detection/assess-sign-in.js") as typeof import("../../functions/src/detection/assess-sign-in.js"),
  profiles: () =>
    load("./lib/detection/profile-store.js") as typeof import("../../functions/src/detection/profile-store.js"),
  decisions: () =>
    load("./lib/detection/decision-store.js") as typeof import("../../functions/src/detection/decision-store.js"),
  learn: () =>
    load("./lib/detection/learn-sign-in.js") as typeof import("../../functions/src/detection/learn-sign-in.js"),
  locate: () => load("./lib/detection/locate.js") as typeof import("../../functions/src/detection/locate.js"),
  device: () => load("./lib/detection/device.js") as typeof import("../../functions/src/detection/device.js"),
  entry: () => load("./lib/audit/entry.js") as typeof import("../../functions/src/audit/entry.js"),
  audit: () => load("./lib/audit/index.js") as typeof import("../../functions/src/audit/index.js"),
  identityEvents: () => load("./lib/identity/events.js") as typeof import("../../functions/src/identity/events.js"),
  detectionEvents: () => load("./lib/detection/events.js") as typeof import("../../functions/src/detection/events.js"),
  encryption: () => load("./lib/encryption/index.js") as typeof import("../../functions/src/encryption/index.js"),
  network: () => load("./lib/kernel/network.js") as typeof import("../../functions/src/kernel/network.js"),
  config: () => load("./lib/config.js") as typeof import("../../functions/src/config.js"),
  app: () => load("firebase-admin/app") as typeof import("firebase-admin/app"),
  auth: () => load("firebase-admin/auth") as typeof import("firebase-admin/auth"),
  firestore: () => load("firebase-admin/firestore") as typeof import("firebase-admin/firestore"),
};
