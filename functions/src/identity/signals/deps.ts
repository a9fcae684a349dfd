import { record } from "../../audit/index.js";
import { config, projectId, readVariable } from "../../config.js";
import { openSecret, sealSecret } from "../../encryption/index.js";
import type { SecurityEvent } from "../../kernel/event.js";
import { lazy } from "../../kernel/lazy.js";
import { systemRandom, type RandomBytes } from "../../kernel/random.js";
import { systemClock, type Clock } from "../../kernel/time.js";
import { firestore } from "../../platform/app.js";
import { kms } from "../../platform/kms.js";
import { log } from "../../platform/log.js";
import { post, type Post } from "../../platform/post.js";
import { allowedOrigins, resolveHost, type AddressDeps } from "../../platform/public-address.js";
import { cloudTaskQueue } from "../../platform/tasks.js";
import { identityError } from "../errors.js";
import type { ReceiverStore } from "./receiver-store.js";
import { firestoreReceiverStore } from "./receiver-store.firestore.js";
import { kmsSetSigner, type SetSigner } from "./sign-set.js";
import type { SignalStore } from "./signal-store.js";
import { firestoreSignalStore } from "./signal-store.firestore.js";

interface SecretPlace {
  readonly label: string;
  readonly subject: string;
}

/** What sending signals works with. */
export interface SignalDeps extends AddressDeps {
  readonly receivers: ReceiverStore;
  readonly signals: SignalStore;
  readonly signer: SetSigner;
  readonly sealSecret: (place: SecretPlace & { secret: Uint8Array }) => Promise<Uint8Array>;
  readonly openSecret: (place: SecretPlace & { token: Uint8Array }) => Promise<Uint8Array>;
  /** Queues one delivery; the same id again is no error and no second delivery. */
  readonly enqueue: (id: string) => Promise<void>;
  readonly post: Post;
  /** `iss` of the tokens: where `/.well-known/ssf-configuration` is served. Undefined: no signals are sent. */
  readonly issuer: () => string | undefined;
  readonly projectId: () => string;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly log: typeof log;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limits: { readonly receivers: number; readonly attempts: number; readonly timeoutMs: number };
}

export const signalDeps = lazy((): SignalDeps => {
  const queue = cloudTaskQueue();
  return {
    receivers: firestoreReceiverStore(firestore),
    signals: firestoreSignalStore(firestore),
    signer: kmsSetSigner(kms),
    sealSecret,
    openSecret,
    enqueue: (id) => queue.enqueue("identity-signal-deliver", { id, data: { signal: id } }),
    post,
    resolve: resolveHost,
    allowedOrigins: allowedOrigins(),
    refuse: (why, cause) =>
      identityError("receiver-refused", { details: { why }, ...(cause !== undefined && { cause }) }),
    issuer: () => readVariable("FIREKEEP_CONSOLE_URL")?.replace(/\/$/, ""),
    projectId,
    record,
    log,
    clock: systemClock,
    random: systemRandom,
    limits: config.signals,
  };
});
