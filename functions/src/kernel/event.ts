import type { EpochMs } from "./time.js";

/** OCSF 1.8 classes that Firekeep emits: `[class_uid, category_uid, category_name]`. https://schema.ocsf.io/1.8.0 */
export const OCSF_CLASSES = {
  "detection-finding": [2004, 2, "Findings"],
  "incident-finding": [2005, 2, "Findings"],
  "account-change": [3001, 3, "Identity & Access Management"],
  authentication: [3002, 3, "Identity & Access Management"],
  "authorize-session": [3003, 3, "Identity & Access Management"],
  "entity-management": [3004, 3, "Identity & Access Management"],
  "user-access": [3005, 3, "Identity & Access Management"],
  "api-activity": [6003, 6, "Application Activity"],
  "datastore-activity": [6005, 6, "Application Activity"],
  "remediation-activity": [7001, 7, "Remediation"],
} as const satisfies Record<string, readonly [number, number, string]>;

export type OcsfClass = keyof typeof OCSF_CLASSES;

/** OCSF `severity_id`: index = id. */
export const SEVERITIES = ["unknown", "informational", "low", "medium", "high", "critical", "fatal"] as const;
export type Severity = Exclude<(typeof SEVERITIES)[number], "unknown">;

/** One row of a domain's table of events. */
export interface EventType {
  /** `<domain>.<noun>-<past participle>`, such as `identity.session-started`. */
  readonly name: string;
  readonly class: OcsfClass;
  /** OCSF `activity_id` within the class. */
  readonly activity: number;
  readonly severity: Severity;
  /** A public sentence without personal data. */
  readonly message: string;
}

/** Scalars and lists of scalars only: an event is flat, so that rules and BigQuery can read it. */
export type EventDetail = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What happened, as domains tell it. `record` of the audit domain turns it into OCSF, pseudonymises and keeps it. */
export interface SecurityEvent {
  readonly type: EventType;
  readonly outcome: "success" | "failure";
  /** The person the event is about: account id. Replaced by a pseudonym in the log. */
  readonly subject?: string;
  /** Who acted, when that is not the subject: account id of an operator, or `system`. */
  readonly actor?: string;
  readonly session?: string;
  /** Full address. Kept for the length of detection's windows only; the log keeps the /24 or /48. */
  readonly ip?: string;
  readonly country?: string;
  readonly asn?: number;
  readonly userAgent?: string;
  /** Overrides the row's severity, for findings that carry their own. */
  readonly severity?: Severity;
  /** Never a secret, code, token, address or name. */
  readonly detail?: EventDetail;
}

/** The event as it travels on Pub/Sub topic `security-events`. `id` makes consumers idempotent. */
export interface EventMessage extends Omit<SecurityEvent, "type"> {
  readonly id: string;
  readonly at: EpochMs;
  readonly name: string;
  readonly class: OcsfClass;
  readonly activity: number;
  readonly severity: Severity;
}

/** A domain's table of events. */
export const defineEvents = <Rows extends Record<string, Omit<EventType, "name">>>(
  domain: string,
  rows: Rows,
): Readonly<Record<keyof Rows & string, EventType>> =>
  Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, { name: `${domain}.${name}`, ...row }]),
  ) as Readonly<Record<keyof Rows & string, EventType>>;
