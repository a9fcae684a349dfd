import type { EventMessage } from "../../kernel/event.js";
import { networkPrefix } from "../../kernel/network.js";
import type { FlatEvent } from "./rule.js";

/**
 * An event as rules see it: its own fields, `networkPrefix` of its address, `account` (the subject, or the keyed hash that
 * stands for an account that does not exist), and `detail.<name>` for each detail.
 */
export const flatten = (event: EventMessage): FlatEvent => ({
  name: event.name,
  class: event.class,
  activity: event.activity,
  severity: event.severity,
  outcome: event.outcome,
  subject: event.subject,
  account: event.subject ?? (typeof event.detail?.["account"] === "string" ? event.detail["account"] : undefined),
  actor: event.actor,
  session: event.session,
  ip: event.ip,
  networkPrefix: event.ip === undefined ? undefined : networkPrefix(event.ip),
  country: event.country,
  asn: event.asn,
  userAgent: event.userAgent,
  ...Object.fromEntries(Object.entries(event.detail ?? {}).map(([name, value]) => [`detail.${name}`, value])),
});
