import { createHash } from "node:crypto";
import { encodeTuple } from "../kernel/bytes.js";
import type { EventMessage, SecurityEvent } from "../kernel/event.js";
import type { EpochMs } from "../kernel/time.js";
import { detectionEvent } from "./events.js";
import { FINDINGS_TOPIC, type Finding } from "./finding.js";
import type { CompiledRule, Window } from "./sigma/compile-rule.js";
import { flatten } from "./sigma/flatten.js";
import type { FlatEvent } from "./sigma/rule.js";
import type { SeenStore, WindowStore } from "./window-store.js";

export interface ConsumeDeps {
  readonly rulesFor: (eventClass: string) => readonly CompiledRule[];
  readonly windows: WindowStore;
  readonly seen: SeenStore;
  readonly quiet: QuietGroups;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly publish: (topic: string, message: object, attributes: Readonly<Record<string, string>>) => Promise<void>;
}

/** Groups that fired and need no more counting for now, so that an attack that goes on causes no writes. In memory. */
export type QuietGroups = Map<string, EpochMs>;

const QUIET_GROUPS = 10_000;

/** What detection and its consumers say themselves: a rule must not feed on its own findings. */
const OWN = new Set(["detection-finding", "incident-finding", "remediation-activity"]);

/**
 * Holds an event against the rules; each that fires is recorded and published. Safe to repeat: an event counts once, and a
 * finding that is published again has the same id. Nothing is marked as seen before everything is done.
 */
export const consumeEvent = async (deps: ConsumeDeps, event: EventMessage): Promise<Finding[]> => {
  if (OWN.has(event.class)) return [];
  const flat = flatten(event);
  const matching = deps.rulesFor(event.class).filter(({ matches }) => matches(flat));
  if (matching.length === 0 || (await deps.seen.has(event.id))) return [];
  const findings: Finding[] = [];
  for (const compiled of matching) {
    const hit = await evaluate(deps, compiled, event, flat);
    if (hit === undefined) continue;
    await tell(deps, hit.finding);
    // Only now: a finding that could not be told must be found again.
    if (hit.quiet !== undefined) hush(deps.quiet, hit.quiet.group, hit.quiet.until);
    findings.push(hit.finding);
  }
  await deps.seen.mark(event.id, event.at);
  return findings;
};

interface Hit {
  readonly finding: Finding;
  readonly quiet?: { readonly group: string; readonly until: EpochMs };
}

/** When it happened: entries of the activity log are recorded later than they happened. */
const timeOf = (event: EventMessage): EpochMs => {
  const occurred = event.detail?.["occurredAt"];
  return typeof occurred === "number" ? Math.min(occurred, event.at) : event.at;
};

const evaluate = async (
  deps: ConsumeDeps,
  { rule, window }: CompiledRule,
  event: EventMessage,
  flat: FlatEvent,
): Promise<Hit | undefined> => {
  const found = { rule, event, flat };
  const at = timeOf(event);
  if (window === undefined)
    return { finding: findingOf({ ...found, groupedBy: ["subject"], at, eventIds: [event.id], key: event.id }) };
  const group = groupOf(window, flat);
  const value = window.field === undefined ? undefined : flat[window.field];
  if (group === undefined || (window.field !== undefined && value === undefined)) return undefined;
  const id = windowId(rule.id, group);
  if ((deps.quiet.get(id) ?? 0) > at) return undefined;
  const counted = await deps.windows.count(
    id,
    rule.id,
    { id: event.id, at, ...(value !== undefined && { value: hash(["value", String(value)]) }) },
    window,
  );
  if (counted.fired === undefined) return undefined;
  const firedAt = counted.fired.at;
  const eventIds = counted.state.events.slice(-20);
  return {
    finding: findingOf({ ...found, groupedBy: window.groupBy, at: firedAt, eventIds, key: `${id}/${String(firedAt)}` }),
    quiet: { group: id, until: firedAt + window.timespanMs },
  };
};

const hush = (quiet: QuietGroups, id: string, until: EpochMs): void => {
  quiet.set(id, until);
  if (quiet.size > QUIET_GROUPS) quiet.delete(quiet.keys().next().value ?? id);
};

/** The id of a rule's window for one group: a hash, so that it tells no account and no address. */
export const windowId = (rule: string, group: readonly string[]): string => hash([rule, ...group]);

const hash = (parts: readonly string[]): string => createHash("sha256").update(encodeTuple(parts)).digest("base64url");

const groupOf = (window: Window, flat: FlatEvent): string[] | undefined => {
  const values = window.groupBy.map((field) => flat[field]);
  return values.includes(undefined) ? undefined : values.map(String);
};

const findingOf = (found: {
  rule: CompiledRule["rule"];
  event: EventMessage;
  flat: FlatEvent;
  groupedBy: readonly string[];
  at: EpochMs;
  eventIds: readonly string[];
  key: string;
}): Finding => {
  const { rule, event, flat } = found;
  const prefix = flat["networkPrefix"];
  return {
    findingId: hash(["finding", rule.id, found.key]),
    rule: rule.id,
    title: rule.title,
    level: rule.level,
    groupBy: {
      ...(event.subject !== undefined && { uid: event.subject }),
      ...(typeof prefix === "string" && { networkPrefix: prefix }),
    },
    groupedBy: found.groupedBy.flatMap((field) => GROUP_NAMES[field] ?? []),
    eventIds: found.eventIds,
    at: found.at,
    tags: rule.tags,
    response: rule.response,
  };
};

const GROUP_NAMES: Readonly<Record<string, "uid" | "networkPrefix">> = {
  subject: "uid",
  networkPrefix: "networkPrefix",
};

// Published first: when recording fails, the event comes again and the same finding goes out again under the same id.
const tell = async (deps: ConsumeDeps, finding: Finding): Promise<void> => {
  await deps.publish(FINDINGS_TOPIC, finding, { rule: finding.rule, level: finding.level });
  const { uid, networkPrefix } = finding.groupBy;
  await deps.record({
    type: detectionEvent["rule-matched"],
    outcome: "success",
    severity: finding.level,
    ...(uid !== undefined && { subject: uid }),
    ...(networkPrefix !== undefined && { ip: networkPrefix.slice(0, networkPrefix.indexOf("/")) }),
    detail: {
      finding: finding.findingId,
      rule: finding.rule,
      level: finding.level,
      attacks: finding.tags,
      events: finding.eventIds.length,
    },
  });
};
