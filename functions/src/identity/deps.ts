import * as audit from "../audit/index.js";
import type * as Detection from "../detection/index.js";
import type * as Encryption from "../encryption/index.js";
import type { SecurityEvent } from "../kernel/event.js";
import { lazy } from "../kernel/lazy.js";
import { systemRandom, type RandomBytes } from "../kernel/random.js";
import { systemClock, type Clock } from "../kernel/time.js";
import { auth, firestore } from "../platform/app.js";
import { firebaseAuthDirectory, type AuthDirectory } from "./auth-directory.js";
import type { BlockStore } from "./block-store.js";
import { firestoreBlockStore } from "./block-store.firestore.js";
import type { FactorStore } from "./factor-store.js";
import { firestoreFactorStore } from "./factor-store.firestore.js";
import type { SessionStore } from "./session-store.js";
import { firestoreSessionStore } from "./session-store.firestore.js";

/** What identity's use cases work with. */
export interface IdentityDeps {
  readonly factors: FactorStore;
  readonly sessions: SessionStore;
  readonly blocks: BlockStore;
  readonly directory: AuthDirectory;
  readonly detection: Pick<typeof Detection, "assessSignIn" | "learnSignIn">;
  readonly encryption: Pick<typeof Encryption, "sealSecret" | "openSecret" | "keyedHash">;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

// Neighbours load with the first call that needs them: listing or ending a session needs neither.
/* eslint-disable @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system */
const detection = () => require("../detection/index.js") as typeof Detection;
const encryption = () => require("../encryption/index.js") as typeof Encryption;
/* eslint-enable @typescript-eslint/no-require-imports */

export const deps = lazy((): IdentityDeps => ({
  factors: firestoreFactorStore(firestore),
  sessions: firestoreSessionStore(firestore),
  blocks: firestoreBlockStore(firestore),
  directory: firebaseAuthDirectory(auth),
  detection: {
    assessSignIn: async (facts) => detection().assessSignIn(facts),
    learnSignIn: async (uid, facts) => detection().learnSignIn(uid, facts),
  },
  encryption: {
    sealSecret: async (secret) => encryption().sealSecret(secret),
    openSecret: async (place) => encryption().openSecret(place),
    keyedHash: async (label, value) => encryption().keyedHash(label, value),
  },
  record: audit.record,
  clock: systemClock,
  random: systemRandom,
}));
