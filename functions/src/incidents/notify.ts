import { createHash } from "node:crypto";
import { encodeTuple } from "../kernel/bytes.js";
import type { Clock } from "../kernel/time.js";
import type { Incident } from "./incident.js";
import type { OutboxStore } from "./outbox-store.js";
import type { WebhookStore } from "./webhook-store.js";

export interface NotifyDeps {
  readonly webhooks: WebhookStore;
  readonly outbox: OutboxStore;
  /** Queues one delivery; the same id again is no error and no second delivery. */
  readonly enqueue: (noticeId: string) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Puts a notice of the incident into the outbox of every webhook and queues it. `once` names what must be told only once.
 * The notice's id is made from both, so a repeated call finds it there and only queues it again if it is still to be sent.
 */
export const notify = async (
  deps: NotifyDeps,
  incident: Incident,
  notice: { readonly type: "incident.opened" | "incident.worsened"; readonly once: string },
): Promise<void> => {
  const webhooks = await deps.webhooks.list();
  await Promise.all(
    webhooks.map(async ({ id: webhook }) => {
      const id = noticeId(incident.id, webhook, notice.once);
      const known = await deps.outbox.find(id);
      if (known !== undefined && known.state !== "pending") return;
      const createdAt = deps.clock();
      const body = bodyOf(incident, notice.type, createdAt);
      if (known === undefined)
        await deps.outbox.add({ id, webhook, incident: incident.id, body, state: "pending", attempts: 0, createdAt });
      await deps.enqueue(id);
    }),
  );
};

const noticeId = (...parts: readonly string[]): string =>
  createHash("sha256").update(encodeTuple(parts)).digest("base64url");

/** What leaves: no account, no address. Who needs them opens the incident by its id. */
const bodyOf = (incident: Incident, type: string, at: number): string =>
  JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: {
      incident: incident.id,
      title: incident.title,
      rule: incident.rule,
      severity: incident.severity,
      state: incident.state,
      openedAt: new Date(incident.openedAt).toISOString(),
      accounts: incident.uids.length,
      contained: Object.keys(incident.contained).length > 0,
    },
  });
