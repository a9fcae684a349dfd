import { createHash } from "node:crypto";
import type { Firestore, Transaction, WriteBatch } from "firebase-admin/firestore";
import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import { describeError, log } from "../../platform/log.js";
import type { IdentityDeps } from "../deps.js";
import { sealContent, type Content } from "./content.js";
import { DENY, denialId, hasDenial } from "./denial.js";
import type { Notice } from "./notice.js";
import { addItem } from "./outbox-store.firestore.js";
import type { OutboxItem, OutboxStore } from "./outbox-store.js";

export interface OutboxDeps {
  readonly outbox: OutboxStore;
  /** Queues one delivery; the same id again within an hour is no second one. */
  readonly enqueue: (id: string, round?: string) => Promise<void>;
}

export type KeepDeps = OutboxDeps & Pick<IdentityDeps, "challenges" | "encryption" | "clock" | "random">;

export interface StagedNotice {
  /** Adds it to the caller's batch or transaction: it is told if and only if the change is made (OWASP ASVS 6.3.7). */
  addTo(writer: WriteBatch | Transaction): void;
  /** After the commit. A crash before it costs minutes: the sweeper finds what nobody queued. */
  send(): Promise<void>;
}

/** A notice that is kept in the same commit as the change it tells of. */
export const stageNotice = async (
  deps: KeepDeps & { readonly firestore: () => Firestore },
  notice: Notice,
): Promise<StagedNotice> => {
  const item = await makeItem(deps, notice);
  return {
    addTo: (writer) => addItem(deps.firestore(), writer, item),
    send: () => enqueueSafely(deps, item.id),
  };
};

/** Keeps the notice in the outbox, once by its id, and queues its delivery. */
export const keepNotice = async (deps: KeepDeps, notice: Notice): Promise<void> => {
  const item = await makeItem(deps, notice);
  if (await deps.outbox.add(item)) await enqueueSafely(deps, item.id);
};

/** What any mail is in the outbox at first. */
export const newItem = async (
  deps: Pick<IdentityDeps, "encryption" | "clock">,
  mail: { id: string; uid?: string; kind: string; content: Content; expiresAt?: EpochMs },
): Promise<OutboxItem> => {
  const { content, ...about } = mail;
  const at = deps.clock();
  const sealed = await sealContent(deps, about, content);
  return { ...about, at, state: "pending", attempts: 0, dueAt: at, content: sealed, done: {} };
};

/** The sweeper makes good for a queue that cannot be reached: the caller's own work is done, and stays so. */
export const enqueueSafely = async ({ enqueue }: Pick<OutboxDeps, "enqueue">, id: string): Promise<void> => {
  await enqueue(id).catch((error: unknown) => {
    log("WARNING", "a notice could not be queued and waits for the sweeper", { notice: id, ...describeError(error) });
  });
};

/** The document's id: callers' ids may hold anything. */
export const itemId = (id: string): string => createHash("sha256").update(id).digest("base64url");

const makeItem = async (deps: KeepDeps, notice: Notice): Promise<OutboxItem> => {
  const { uid, kind, facts, alsoTo = [] } = notice;
  const link = await linkOf(deps, notice);
  const content: Content = { type: "notice", kind, facts, alsoTo, ...(link !== undefined && { link }) };
  return newItem(deps, { id: itemId(notice.id), uid, kind, content });
};

const linkOf = async (deps: KeepDeps, notice: Notice) => {
  const { uid, sid, kind, disown } = notice;
  if (disown !== undefined) return { page: "disown" as const, token: disown };
  if (!hasDenial(notice)) return undefined;
  const token = Buffer.from(deps.random(32)).toString("base64url");
  // A notice that is dropped as a repetition leaves a challenge that nobody has the token of.
  await deps.challenges.put(denialId(token), {
    purpose: DENY,
    uid,
    ...(sid !== undefined && { sid }),
    attempts: 0,
    expiresAt: deps.clock() + config.mail.denyMs,
    facts: { kind },
  });
  return { page: "not-me" as const, token };
};
