import { config } from "../../config.js";
import { MINUTE } from "../../kernel/time.js";
import type { IdentityDeps } from "../deps.js";
import type { OutboxDeps } from "./stage-notice.js";

const MOST = 500;
const ROUND_MS = 5 * MINUTE;

/**
 * Queues again what should have been delivered and was not: a crash between keeping and queueing, a worker that died, a queue
 * that gave up. Answers how many.
 */
export const sweepNotices = async (deps: OutboxDeps & Pick<IdentityDeps, "clock">): Promise<number> => {
  const now = deps.clock();
  const ids = await deps.outbox.listDue(now - config.mail.sweepAfterMs, MOST);
  // A round of its own, because the queue drops an id that it has had within the hour.
  const round = String(Math.floor(now / ROUND_MS));
  await Promise.all(ids.map((id) => deps.enqueue(id, round)));
  return ids.length;
};
