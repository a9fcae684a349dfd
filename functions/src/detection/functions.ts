import { onMessagePublished, type MessagePublishedData, type PubSubOptions } from "firebase-functions/v2/pubsub";
import type { CloudEvent } from "firebase-functions/v2/core";
import { config } from "../config.js";
import type { EventMessage } from "../kernel/event.js";
import { log } from "../platform/log.js";
import { secureCalls } from "../platform/secure-call.js";
import { detectionApi } from "./api.js";
import { consumeEvent } from "./consume-event.js";
import type * as Deps from "./deps.js";
import { ingestActivity } from "./ingest-activity.js";
import { listRules } from "./list-rules.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).deps();

const calls = secureCalls("detection", detectionApi, {
  "rule-list": () => Promise.resolve(listRules()),
});

const trigger = (topic: string): PubSubOptions & { topic: string } => ({
  topic,
  region: config.functions.region,
  serviceAccount: "fn-detection@",
  retry: true,
});

export const rule = calls.rule;

/** `detection-activity-ingest`: Identity Platform's activity log, by log sink. */
export const activity = {
  ingest: onMessagePublished<unknown>(trigger("identity-activity"), (event) =>
    handle(event, (message) => ingestActivity(deps(), message)),
  ),
};

/** `detection-events-consume`: every security event, against the rules. */
export const events = {
  consume: onMessagePublished<EventMessage>(trigger("security-events"), (event) =>
    handle(event, (message) => consumeEvent(deps(), message)),
  ),
};

/** A message that is no JSON would come back for ever: it is dropped, with a line. */
const handle = async <Message>(
  event: CloudEvent<MessagePublishedData<Message>>,
  use: (message: Message) => Promise<unknown>,
): Promise<void> => {
  let message: Message;
  try {
    message = event.data.message.json;
  } catch {
    log("ERROR", "a message was no JSON and is dropped", { id: event.data.message.messageId });
    return;
  }
  await use(message);
};
