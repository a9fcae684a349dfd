import { lazy } from "../../kernel/lazy.js";
import { firestore } from "../../platform/app.js";
import type { IdentityDeps } from "../deps.js";
import { enqueueNotice } from "./enqueue-notice.js";
import type { Notice } from "./notice.js";
import { firestoreOutboxStore } from "./outbox-store.firestore.js";
import { keepNotice, type OutboxDeps } from "./stage-notice.js";

/** Keeps the notice in the outbox, once by its id; delivery follows by itself. */
export const notify = (
  deps: Pick<IdentityDeps, "challenges" | "encryption" | "clock" | "random">,
  notice: Notice,
): Promise<void> => keepNotice({ ...deps, ...outboxDeps() }, notice);

/** The outbox as deployed. */
export const outboxDeps = lazy((): OutboxDeps => ({ outbox: firestoreOutboxStore(firestore), enqueue: enqueueNotice }));
