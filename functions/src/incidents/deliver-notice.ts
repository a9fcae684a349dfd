import type { SecurityEvent } from "../kernel/event.js";
import type { Clock } from "../kernel/time.js";
import { lazy } from "../kernel/lazy.js";
import { describeError, type LogLevel } from "../platform/log.js";
import { incidentsError } from "./errors.js";
import { incidentsEvent } from "./events.js";
import type { Notice, OutboxStore } from "./outbox-store.js";
import { checkTarget, type AddressDeps } from "../platform/public-address.js";
import type { Post } from "../platform/post.js";
import { webhookSecretPlace } from "./webhook-secret.js";
import type { Webhook, WebhookStore } from "./webhook-store.js";

export interface DeliverDeps extends AddressDeps {
  readonly outbox: OutboxStore;
  readonly webhooks: WebhookStore;
  readonly openSecret: (place: { label: string; subject: string; token: Uint8Array }) => Promise<Uint8Array>;
  readonly send: Post;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly log: (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly clock: Clock;
  readonly attempts: number;
  readonly timeoutMs: number;
}

/**
 * Sends a notice, signed as Standard Webhooks says (`webhook-id` is the notice's id: a receiver that sees it twice may
 * ignore it). Any 2xx is success. After the last try the notice is dead and an event tells of it.
 *
 * @throws incidents/delivery-failed when the task queue should try again
 */
export const deliverNotice = async (deps: DeliverDeps, id: string): Promise<Notice["state"] | "missing"> => {
  const notice = await deps.outbox.find(id);
  if (notice === undefined) return "missing";
  if (notice.state !== "pending") return notice.state;
  const webhook = await deps.webhooks.find(notice.webhook);
  const attempts = notice.attempts + 1;
  if (webhook === undefined) return settle(deps, notice, { state: "dead", attempts });
  const failure = await post(deps, notice, webhook);
  if (failure === undefined) return settle(deps, notice, { state: "delivered", attempts, deliveredAt: deps.clock() });
  deps.log("WARNING", "a webhook was not delivered", {
    notice: id,
    webhook: webhook.id,
    attempts,
    ...describeError(failure),
  });
  if (attempts < deps.attempts) {
    await settle(deps, notice, { state: "pending", attempts });
    throw incidentsError("delivery-failed", { cause: failure });
  }
  await deps.record({
    type: incidentsEvent["notice-abandoned"],
    outcome: "failure",
    actor: "system",
    detail: { call: "incidents-webhook-deliver", incident: notice.incident, webhook: webhook.id, attempts },
  });
  return settle(deps, notice, { state: "dead", attempts });
};

const settle = async (
  deps: DeliverDeps,
  { id }: Notice,
  outcome: Pick<Notice, "state" | "attempts" | "deliveredAt">,
) => {
  await deps.outbox.settle(id, outcome);
  return outcome.state;
};

/** Undefined when a 2xx came back. */
const post = async (deps: DeliverDeps, notice: Notice, webhook: Webhook): Promise<Error | undefined> => {
  try {
    const target = await checkTarget(deps, webhook.url);
    const secret = await deps.openSecret({ ...webhookSecretPlace(webhook.id), token: webhook.secret });
    const headers = sign(secret, { id: notice.id, at: new Date(deps.clock()), body: notice.body });
    const status = await deps.send(target, { headers, body: notice.body, timeoutMs: deps.timeoutMs });
    return status >= 200 && status < 300 ? undefined : new Error(`the receiver answered ${String(status)}`);
  } catch (error) {
    return error instanceof Error ? error : new Error("the request failed");
  }
};

const sign = (secret: Uint8Array, message: { id: string; at: Date; body: string }): Record<string, string> => {
  const { Webhook: Signer } = standardWebhooks();
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(Math.floor(message.at.getTime() / 1_000)),
    "webhook-signature": new Signer(secret, { format: "raw" }).sign(message.id, message.at, message.body),
  };
};

// eslint-disable-next-line @typescript-eslint/no-require-imports -- only the function that delivers pays for it
const standardWebhooks = lazy(() => require("standardwebhooks") as typeof import("standardwebhooks"));
