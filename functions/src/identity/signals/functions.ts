import { onMessagePublished } from "firebase-functions/v2/pubsub";
import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { config } from "../../config.js";
import type { EventMessage } from "../../kernel/event.js";
import { SECOND } from "../../kernel/time.js";
import { log } from "../../platform/log.js";
import type * as TellVaultDeps from "../notices/tell-vault-deps.js";
import type * as TellVault from "../notices/tell-vault.js";
import type * as Consume from "./consume-event.js";
import type * as Deliver from "./deliver-signal.js";
import type * as Deps from "./deps.js";

/* eslint-disable @typescript-eslint/no-require-imports -- code loads with the first message, and stays in one module system */
const deps = () => (require("./deps.js") as typeof Deps).signalDeps();
const consumeEvent = () => (require("./consume-event.js") as typeof Consume).consumeEvent;
const tellVaultDeps = () => (require("../notices/tell-vault-deps.js") as typeof TellVaultDeps).tellVaultDeps();
const tellVault = () => (require("../notices/tell-vault.js") as typeof TellVault).tellVault;
const deliverSignal = () => (require("./deliver-signal.js") as typeof Deliver).deliverSignal;
/* eslint-enable @typescript-eslint/no-require-imports */

const where = { region: config.functions.region, serviceAccount: "fn-identity@" };

/** `identity-signal-consume`: security events, for those that a person, or another service, should hear of. */
export const consume = onMessagePublished(
  { ...where, topic: "security-events", retry: true },
  async ({ data: { message } }) => {
    const event = parse(message);
    if (event === undefined) log("ERROR", "a message was no security event and is dropped", { id: message.messageId });
    else {
      await tellVault()(tellVaultDeps, event);
      await consumeEvent()(deps(), event);
    }
  },
);

/** `identity-signal-deliver`: one token to one receiver, again until it is taken or given up. */
export const deliver = onTaskDispatched<{ signal: string }>(
  {
    ...where,
    retryConfig: {
      // deliverSignal gives up by itself, and says so; the queue only must not do so before.
      maxAttempts: config.signals.attempts + 3,
      minBackoffSeconds: config.signals.firstPauseMs / SECOND,
      maxBackoffSeconds: config.signals.longestPauseMs / SECOND,
    },
    rateLimits: { maxConcurrentDispatches: 20 },
  },
  async ({ data }) => {
    await deliverSignal()(deps(), data.signal);
  },
);

const parse = (message: { readonly json: unknown }): EventMessage | undefined => {
  try {
    const event = message.json as Partial<EventMessage> | undefined;
    const known = typeof event?.id === "string" && typeof event.name === "string" && typeof event.at === "number";
    return known ? (event as EventMessage) : undefined;
  } catch {
    return undefined; // no JSON: it would come back for ever
  }
};
