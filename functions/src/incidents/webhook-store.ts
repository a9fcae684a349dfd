import type { EpochMs } from "../kernel/time.js";

/** The document `incidentWebhooks/{id}`. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly createdAt: EpochMs;
  /** The operator who registered it. */
  readonly createdBy: string;
  /** The signing secret under Firekeep's own key: a token of the encryption domain. */
  readonly secret: Uint8Array;
}

export interface WebhookStore {
  add(webhook: Webhook): Promise<void>;
  find(id: string): Promise<Webhook | undefined>;
  /** Oldest first. */
  list(): Promise<Webhook[]>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
}

export const memoryWebhookStore = (): WebhookStore => {
  const webhooks = new Map<string, Webhook>();
  return {
    add: (webhook) => {
      webhooks.set(webhook.id, webhook);
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(webhooks.get(id)),
    list: () => Promise.resolve([...webhooks.values()].sort((a, b) => a.createdAt - b.createdAt)),
    remove: (id) => Promise.resolve(webhooks.delete(id)),
  };
};
