import { z } from "zod";
import { MINUTE } from "../kernel/time.js";
import { defineApi } from "../platform/api.js";

const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
const STATES = ["detected", "triaged", "contained", "eradicated", "recovered", "reviewed"] as const;

const id = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);
const when = z.number().int().nonnegative();

const incident = z.strictObject({
  id,
  state: z.enum(STATES),
  severity: z.enum(LEVELS),
  title: z.string(),
  rule: z.string(),
  uids: z.array(z.string()),
  networkPrefix: z.string().optional(),
  openedAt: when,
  updatedAt: when,
  /** GDPR Art. 33(1): both absent until somebody decides that the controller is aware of a personal data breach. */
  awareAt: when.optional(),
  regulatorDueAt: when.optional(),
  findings: z.number().int(),
});

const entry = z.strictObject({
  id: z.string(),
  at: when,
  kind: z.enum(["opened", "finding", "severity", "containment", "state", "note", "aware"]),
  by: z.string(),
  text: z.string(),
});

const webhook = z.strictObject({ id, url: z.string(), createdAt: when });

const reads = { permits: 120, perMs: MINUTE, by: "account", store: "instance", whenDown: "allow" } as const;
const writes = { permits: 30, perMs: MINUTE, by: "account", store: "shared", whenDown: "refuse" } as const;

/** What responders and the console may ask of incidents. */
export const incidentsApi = defineApi({
  "incident-list": {
    summary: "Lists incidents, newest first.",
    session: "strict",
    permission: "security.read",
    proof: true,
    limit: reads,
    input: z.strictObject({
      state: z.enum(STATES).optional(),
      limit: z.number().int().min(1).max(100).default(50),
      /** `openedAt` of the last incident of the page before. */
      before: when.optional(),
    }),
    output: z.strictObject({ incidents: z.array(incident) }),
  },
  "incident-read": {
    summary: "Reads one incident with its timeline.",
    session: "strict",
    permission: "security.read",
    proof: true,
    limit: reads,
    input: z.strictObject({ id }),
    output: z.strictObject({ incident, timeline: z.array(entry) }),
    errors: ["incidents/not-found"],
  },
  "incident-triage": {
    summary: "Moves an incident to its next state with a note, and records when a personal data breach became known.",
    session: "strict",
    permission: "security.respond",
    assurance: 2,
    proof: true,
    limit: writes,
    input: z.strictObject({
      id,
      state: z.enum(STATES),
      note: z.string().min(1).max(2_000),
      /** True: from now the controller is aware of a personal data breach, and 72 hours run (GDPR Art. 33(1)). */
      aware: z.literal(true).optional(),
    }),
    output: z.strictObject({ incident }),
    errors: ["incidents/not-found", "incidents/state-refused", "incidents/already-aware", "incidents/contended"],
  },
  "webhook-register": {
    summary: "Registers an HTTPS address that is told of incidents. The signing secret is shown this once.",
    session: "strict",
    permission: "security.respond",
    assurance: 2,
    proof: true,
    limit: writes,
    input: z.strictObject({ url: z.string().min(1).max(2_048) }),
    output: z.strictObject({ id, secret: z.string() }),
    errors: ["incidents/address-refused", "incidents/too-many-webhooks"],
  },
  "webhook-list": {
    summary: "Lists the registered webhooks, without their secrets.",
    session: "strict",
    permission: "security.read",
    proof: true,
    limit: reads,
    input: z.strictObject({}),
    output: z.strictObject({ webhooks: z.array(webhook) }),
  },
  "webhook-remove": {
    summary: "Removes a webhook. What is still queued for it is dropped.",
    session: "strict",
    permission: "security.respond",
    assurance: 2,
    proof: true,
    limit: writes,
    input: z.strictObject({ id }),
    output: z.strictObject({}),
    errors: ["incidents/webhook-not-found"],
  },
});
