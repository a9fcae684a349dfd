import type { SecurityEvent } from "../kernel/event.js";
import { randomId, type RandomBytes } from "../kernel/random.js";
import type { Clock } from "../kernel/time.js";
import { incidentsError } from "./errors.js";
import { incidentsEvent } from "./events.js";
import { checkTarget, type AddressDeps } from "../platform/public-address.js";
import { webhookSecretPlace } from "./webhook-secret.js";
import type { WebhookStore } from "./webhook-store.js";

interface Deps extends AddressDeps {
  readonly webhooks: WebhookStore;
  readonly sealSecret: (secret: { label: string; subject: string; secret: Uint8Array }) => Promise<Uint8Array>;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limit: number;
}

/** Bytes of a signing secret: Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;

/**
 * Registers a webhook. Its secret (`whsec_…`) is answered here and never again.
 *
 * @throws incidents/address-refused, -too-many-webhooks
 */
export const registerWebhook = async (
  deps: Deps,
  operator: string,
  { url }: { url: string },
): Promise<{ id: string; secret: string }> => {
  const target = await checkTarget(deps, url);
  if ((await deps.webhooks.list()).length >= deps.limit) throw incidentsError("too-many-webhooks");
  const id = randomId(deps.random);
  const secret = deps.random(SECRET_BYTES);
  const sealed = await deps.sealSecret({ ...webhookSecretPlace(id), secret });
  await deps.webhooks.add({ id, url: target.url.href, createdAt: deps.clock(), createdBy: operator, secret: sealed });
  await tell(deps, "webhook-registered", operator, id);
  return { id, secret: `whsec_${Buffer.from(secret).toString("base64")}` };
};

export const listWebhooks = async ({ webhooks }: Pick<Deps, "webhooks">) => ({
  webhooks: (await webhooks.list()).map(({ id, url, createdAt }) => ({ id, url, createdAt })),
});

/** @throws incidents/webhook-not-found */
export const removeWebhook = async (
  deps: Pick<Deps, "webhooks" | "record">,
  operator: string,
  id: string,
): Promise<void> => {
  if (!(await deps.webhooks.remove(id))) throw incidentsError("webhook-not-found");
  await tell(deps, "webhook-removed", operator, id);
};

const tell = (
  deps: Pick<Deps, "record">,
  name: "webhook-registered" | "webhook-removed",
  operator: string,
  id: string,
) =>
  deps.record({ type: incidentsEvent[name], outcome: "success", actor: operator, detail: { entity: `webhook/${id}` } });
