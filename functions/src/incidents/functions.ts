import { onMessagePublished } from "firebase-functions/v2/pubsub";
import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { config } from "../config.js";
import { SECOND } from "../kernel/time.js";
import { log } from "../platform/log.js";
import { secureCalls } from "../platform/secure-call.js";
import { incidentsApi } from "./api.js";
import { consumeFinding } from "./consume-finding.js";
import { deliverNotice } from "./deliver-notice.js";
import type * as Deps from "./deps.js";
import { readFinding, type Finding } from "./finding.js";
import { listWebhooks, registerWebhook, removeWebhook } from "./manage-webhooks.js";
import { listIncidents, readIncident, shown } from "./read-incidents.js";
import { triageIncident } from "./triage-incident.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).deps();

const calls = secureCalls("incidents", incidentsApi, {
  "incident-list": (_, input) => listIncidents(deps(), input),
  "incident-read": (_, { id }) => readIncident(deps(), id),
  "incident-triage": async ({ uid }, input) => ({ incident: shown(await triageIncident(deps(), uid, input)) }),
  "webhook-register": ({ uid }, input) => registerWebhook(deps(), uid, input),
  "webhook-list": () => listWebhooks(deps()),
  "webhook-remove": async ({ uid }, { id }) => {
    await removeWebhook(deps(), uid, id);
    return {};
  },
});

export const incident = calls.incident;

const where = { region: config.functions.region, serviceAccount: "fn-incidents@" };

/** `incidents-findings-consume`: what detection found. */
export const findings = {
  consume: onMessagePublished({ ...where, topic: "risk-assessed", retry: true }, async ({ data: { message } }) => {
    const finding = parse(message);
    if (finding === undefined) log("ERROR", "a message was no finding and is dropped", { id: message.messageId });
    else await consumeFinding(deps(), finding);
  }),
};

const parse = (message: { readonly json: unknown }): Finding | undefined => {
  try {
    return readFinding(message.json);
  } catch {
    return undefined; // no JSON: it would come back for ever
  }
};

/** `incidents-webhook-deliver`: one notice to one webhook, again until it is delivered or given up. */
export const webhook = {
  ...calls.webhook,
  deliver: onTaskDispatched<{ notice: string }>(
    {
      ...where,
      retryConfig: {
        // deliverNotice gives up by itself, and says so; the queue only must not do so before.
        maxAttempts: config.webhooks.attempts + 3,
        minBackoffSeconds: config.webhooks.firstPauseMs / SECOND,
        maxBackoffSeconds: config.webhooks.longestPauseMs / SECOND,
      },
      rateLimits: { maxConcurrentDispatches: 20 },
    },
    async ({ data }) => {
      await deliverNotice(deps(), data.notice);
    },
  ),
};
