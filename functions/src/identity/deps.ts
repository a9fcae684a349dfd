import * as audit from "../audit/index.js";
import type * as Detection from "../detection/index.js";
import type * as Encryption from "../encryption/index.js";
import type { SecurityEvent } from "../kernel/event.js";
import { lazy } from "../kernel/lazy.js";
import { systemRandom, type RandomBytes } from "../kernel/random.js";
import { systemClock, type Clock } from "../kernel/time.js";
import { auth, firestore } from "../platform/app.js";
import { firebaseAuthDirectory, type AuthDirectory } from "./accounts/auth-directory.js";
import type { BlockStore } from "./accounts/block-store.js";
import { firestoreBlockStore } from "./accounts/block-store.firestore.js";
import type { ChallengeStore } from "./challenges/challenge-store.js";
import { firestoreChallengeStore } from "./challenges/challenge-store.firestore.js";
import { firestoreDeviceStore } from "./devices/device-store.firestore.js";
import { devicesOver, type Devices } from "./devices/trusted.js";
import type { FactorStore } from "./factors/factor-store.js";
import { firestoreFactorStore } from "./factors/factor-store.firestore.js";
import type { Notify } from "./notices/notice.js";
import type * as Notices from "./notices/notify.js";
import { relyingParty, type RelyingParty } from "./passkeys/relying-party.js";
import type { SessionStore } from "./sessions/session-store.js";
import { firestoreSessionStore } from "./sessions/session-store.firestore.js";

/** What identity's use cases work with. */
export interface IdentityDeps {
  readonly factors: FactorStore;
  readonly sessions: SessionStore;
  readonly blocks: BlockStore;
  readonly challenges: ChallengeStore;
  readonly directory: AuthDirectory;
  readonly detection: Pick<
    typeof Detection,
    "assessSignIn" | "learnSignIn" | "locate" | "describeDevice" | "listDecisions"
  >;
  /** Trusted devices: friction saved, never assurance. */
  readonly devices: Devices;
  readonly encryption: Pick<typeof Encryption, "sealSecret" | "openSecret" | "keyedHash">;
  readonly record: (event: SecurityEvent) => Promise<void>;
  /** Tells the person by mail, on all addresses of the account. */
  readonly notify: Notify;
  /** Whose passkeys these are. Throws where the project has not said. */
  readonly rp: () => RelyingParty;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

// Neighbours load with the first call that needs them: listing or ending a session needs neither.
/* eslint-disable @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system */
const detection = () => require("../detection/index.js") as typeof Detection;
const notices = () => require("./notices/notify.js") as typeof Notices;
const encryption = () => require("../encryption/index.js") as typeof Encryption;
/* eslint-enable @typescript-eslint/no-require-imports */

export const deps = lazy((): IdentityDeps => ({
  factors: firestoreFactorStore(firestore),
  sessions: firestoreSessionStore(firestore),
  blocks: firestoreBlockStore(firestore),
  challenges: firestoreChallengeStore(firestore),
  directory: firebaseAuthDirectory(auth),
  detection: {
    assessSignIn: async (facts) => detection().assessSignIn(facts),
    learnSignIn: async (uid, facts) => detection().learnSignIn(uid, facts),
    locate: (ip) => detection().locate(ip),
    describeDevice: (userAgent) => detection().describeDevice(userAgent),
    listDecisions: async (uid, limit) => detection().listDecisions(uid, limit),
  },
  devices: devicesOver(firestoreDeviceStore(firestore)),
  encryption: {
    sealSecret: async (secret) => encryption().sealSecret(secret),
    openSecret: async (place) => encryption().openSecret(place),
    keyedHash: async (label, value) => encryption().keyedHash(label, value),
  },
  record: audit.record,
  notify: async (notice) => notices().notify(deps(), notice),
  rp: relyingParty,
  clock: systemClock,
  random: systemRandom,
}));
