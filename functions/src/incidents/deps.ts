import { record } from "../audit/index.js";
import { config } from "../config.js";
import { openSecret, sealSecret } from "../encryption/index.js";
import { block, revokeSessions } from "../identity/index.js";
import { lazy } from "../kernel/lazy.js";
import { systemRandom } from "../kernel/random.js";
import { systemClock } from "../kernel/time.js";
import { firestore } from "../platform/app.js";
import { log } from "../platform/log.js";
import { enqueueNotice } from "./enqueue-notice.js";
import { addressRefused } from "./errors.js";
import { firestoreIncidentStore } from "./incident-store.firestore.js";
import { firestoreOutboxStore } from "./outbox-store.firestore.js";
import { post } from "../platform/post.js";
import { allowedOrigins, resolveHost } from "../platform/public-address.js";
import { firestoreWebhookStore } from "./webhook-store.firestore.js";

/** Incidents as deployed: one per instance. */
export const deps = lazy(() => ({
  incidents: firestoreIncidentStore(firestore),
  webhooks: firestoreWebhookStore(firestore),
  outbox: firestoreOutboxStore(firestore),
  identity: { block, revokeSessions },
  enqueue: enqueueNotice,
  send: post,
  sealSecret,
  openSecret,
  resolve: resolveHost,
  allowedOrigins: allowedOrigins(),
  refuse: addressRefused,
  record,
  log,
  clock: systemClock,
  random: systemRandom,
  blockMs: config.response.blockMs,
  limit: config.webhooks.limit,
  attempts: config.webhooks.attempts,
  timeoutMs: config.webhooks.timeoutMs,
}));
