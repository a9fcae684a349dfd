import { HOUR, type EpochMs } from "../kernel/time.js";
import type { Finding } from "./finding.js";

export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** Which state may follow which. The same state again is a note. `triaged → reviewed` is the false alarm. */
export const NEXT_STATES = {
  detected: ["detected", "triaged"],
  triaged: ["triaged", "contained", "reviewed"],
  contained: ["contained", "eradicated"],
  eradicated: ["eradicated", "recovered"],
  recovered: ["recovered", "reviewed"],
  reviewed: ["reviewed"],
} as const satisfies Record<string, readonly string[]>;

export type IncidentState = keyof typeof NEXT_STATES;

/** The document `incidents/{id}`. */
export interface Incident {
  readonly id: string;
  readonly state: IncidentState;
  /** Rises by itself, never falls by itself. */
  readonly severity: Level;
  readonly openedAs: Level;
  readonly title: string;
  readonly rule: string;
  readonly uids: readonly string[];
  readonly networkPrefix?: string;
  readonly openedAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** GDPR Art. 33(1): the 72 hours run from a decision that the controller is aware, not from the first alarm. */
  readonly awareAt?: EpochMs;
  readonly regulatorDueAt?: EpochMs;
  /** How many findings it holds, and the ids of the last ones. */
  readonly findings: number;
  readonly findingIds: readonly string[];
  /** Containment that was done, by step: what is here is not done again. */
  readonly contained: Readonly<Record<string, EpochMs>>;
}

/** The document `incidents/{incident}/timeline/{id}`. */
export interface TimelineEntry {
  readonly id: string;
  readonly at: EpochMs;
  readonly kind: "opened" | "finding" | "severity" | "containment" | "state" | "note" | "aware";
  /** Account id of the operator, or `system`. */
  readonly by: string;
  readonly text: string;
}

/** A new state of an incident, and what its timeline gains by it. */
export interface Change {
  readonly incident: Incident;
  readonly entries: readonly TimelineEntry[];
}

export const REGULATOR_MS = 72 * HOUR;

const KEPT_FINDINGS = 200;
const KEPT_UIDS = 50;

export const isClosed = ({ state }: Incident): boolean => state === "recovered" || state === "reviewed";

/** Whether a finding on the same matter is this incident's: always while it is open, and when it is older than the closing. */
export const takes = (incident: Incident, finding: Finding): boolean =>
  !isClosed(incident) || finding.at <= incident.updatedAt || incident.findingIds.includes(finding.findingId);

export const openIncident = (id: string, finding: Finding): Change => ({
  incident: {
    id,
    state: "detected",
    severity: finding.level,
    openedAs: finding.level,
    title: finding.title,
    rule: finding.rule,
    uids: finding.groupBy.uid === undefined ? [] : [finding.groupBy.uid],
    ...(finding.groupBy.networkPrefix !== undefined && { networkPrefix: finding.groupBy.networkPrefix }),
    openedAt: finding.at,
    updatedAt: finding.at,
    findings: 1,
    findingIds: [finding.findingId],
    contained: {},
  },
  entries: [{ id: `opened-${finding.findingId}`, at: finding.at, kind: "opened", by: "system", text: finding.title }],
});

/** The incident with one more finding, or undefined when it has it. Findings may come in any order. */
export const absorb = (before: Incident, finding: Finding): Change | undefined => {
  if (before.findingIds.includes(finding.findingId)) return undefined;
  const worse = LEVELS.indexOf(finding.level) > LEVELS.indexOf(before.severity);
  const { uid, networkPrefix } = finding.groupBy;
  const incident: Incident = {
    ...before,
    severity: worse ? finding.level : before.severity,
    uids: uid === undefined || before.uids.includes(uid) ? before.uids : [...before.uids, uid].slice(0, KEPT_UIDS),
    ...(before.networkPrefix === undefined && networkPrefix !== undefined && { networkPrefix }),
    openedAt: Math.min(before.openedAt, finding.at),
    updatedAt: Math.max(before.updatedAt, finding.at),
    findings: before.findings + 1,
    findingIds: [...before.findingIds, finding.findingId].slice(-KEPT_FINDINGS),
  };
  const entry = (kind: TimelineEntry["kind"], text: string): TimelineEntry => ({
    id: `${kind}-${finding.findingId}`,
    at: finding.at,
    kind,
    by: "system",
    text,
  });
  const raised = worse ? [entry("severity", `Severity rises from ${before.severity} to ${finding.level}.`)] : [];
  return { incident, entries: [entry("finding", finding.title), ...raised] };
};
