import { networkPrefix } from "../kernel/network.js";
import { OCSF_CLASSES, SEVERITIES, type EventDetail, type OcsfClass, type SecurityEvent } from "../kernel/event.js";
import type { EpochMs } from "../kernel/time.js";

/** A JSON object in the shape of one OCSF class. */
export type OcsfEvent = Readonly<Record<string, unknown>>;

export interface OcsfInput {
  readonly event: SecurityEvent;
  /** Unique id of the event, also of its entry in the log. */
  readonly id: string;
  readonly at: EpochMs;
  /** Pseudonym of the subject. */
  readonly subject?: string;
  /** Pseudonym of the operator who acted, or `system`. */
  readonly actor?: string;
}

/**
 * The event as OCSF 1.8.0 (https://schema.ocsf.io/1.8.0). Persons are pseudonyms, addresses are networks, and the
 * user agent stays out: the log outlives an erasure, so it must not tell who a person was.
 */
export const toOcsf = (input: OcsfInput): OcsfEvent => {
  const { type, outcome } = input.event;
  const [classUid, categoryUid, categoryName] = OCSF_CLASSES[type.class];
  const severity = input.event.severity ?? type.severity;
  return {
    activity_id: type.activity,
    category_uid: categoryUid,
    category_name: categoryName,
    class_uid: classUid,
    class_name: type.class,
    type_uid: classUid * 100 + type.activity,
    severity_id: SEVERITIES.indexOf(severity),
    severity,
    time: input.at,
    message: type.message,
    ...statusOf(type.class, type.activity, outcome),
    metadata: {
      version: "1.8.0",
      uid: input.id,
      event_code: type.name,
      product: { name: "Firekeep", vendor_name: "Firekeep" },
    },
    ...SHAPES[type.class](input),
  };
};

/** Findings have a life of their own in `status_id`; everything else succeeded or failed. */
const statusOf = (name: OcsfClass, activity: number, outcome: "success" | "failure") => {
  if (name === "detection-finding" || name === "incident-finding")
    return { status_id: FINDING_STATUS[name][activity] ?? 99 };
  return outcome === "success" ? { status_id: 1, status: "Success" } : { status_id: 2, status: "Failure" };
};

// By activity: 1 create, 2 update, 3 close. 1 new, 2 in progress, 4 resolved (detection), 5 closed (incident).
const FINDING_STATUS: Readonly<Record<"detection-finding" | "incident-finding", Readonly<Record<number, number>>>> = {
  "detection-finding": { 1: 1, 2: 2, 3: 4 },
  "incident-finding": { 1: 1, 2: 2, 3: 5 },
};

const user = (uid: string | undefined) => (uid === undefined ? { name: "unknown", type_id: 0 } : { uid, type_id: 1 });

/** Who acted: the operator when there is one, else the subject, else Firekeep itself. */
const actor = ({ subject, actor: operator }: OcsfInput) => {
  const uid = operator ?? subject;
  return uid === undefined || uid === "system" ? { app_name: "Firekeep" } : { user: { uid, type_id: 1 } };
};

const endpoint = ({ event }: OcsfInput) => ({
  ...(event.ip === undefined
    ? { name: "unknown" }
    : { subnet_uid: networkPrefix(event.ip), name: networkPrefix(event.ip) }),
  ...(event.country !== undefined && { location: { country: event.country } }),
  ...(event.asn !== undefined && { autonomous_system: { number: event.asn } }),
});

const unmapped = (detail: EventDetail | undefined) => (detail === undefined ? {} : { unmapped: detail });

const session = ({ event }: OcsfInput) => (event.session === undefined ? {} : { session: { uid: event.session } });

/** What every class of the families "identity" and "application" may carry. */
const common = (input: OcsfInput) => ({
  actor: actor(input),
  src_endpoint: endpoint(input),
  ...unmapped(input.event.detail),
});

/** Findings and remediation have no subject, source or actor in OCSF: they go where OCSF puts what it does not map. */
const foreign = ({ event, subject, actor: operator }: OcsfInput) => {
  const rest = {
    ...event.detail,
    ...(subject !== undefined && { subject }),
    ...(operator !== undefined && { actor: operator }),
    ...(event.session !== undefined && { session: event.session }),
    ...(event.ip !== undefined && { network: networkPrefix(event.ip) }),
    ...(event.country !== undefined && { country: event.country }),
    ...(event.asn !== undefined && { asn: event.asn }),
  };
  return Object.keys(rest).length === 0 ? {} : { unmapped: rest };
};

const text = (value: EventDetail[string] | undefined, otherwise: string): string =>
  typeof value === "string" && value !== "" ? value : otherwise;

const texts = (value: EventDetail[string] | undefined, otherwise: string): readonly string[] => {
  if (typeof value === "string" && value !== "") return [value];
  return Array.isArray(value) && value.length > 0 ? (value as readonly string[]) : [otherwise];
};

/** What each class requires beside the attributes that all have. */
const SHAPES: Readonly<Record<OcsfClass, (input: OcsfInput) => OcsfEvent>> = {
  authentication: (input) => ({
    ...common(input),
    ...session(input),
    user: user(input.subject),
    service: { name: "Firekeep" },
  }),
  "authorize-session": (input) => ({
    ...common(input),
    ...session(input),
    user: user(input.subject),
    privileges: texts(input.event.detail?.["scope"] ?? input.event.detail?.["roles"], "session"),
  }),
  "account-change": (input) => ({ ...common(input), user: user(input.subject) }),
  "user-access": (input) => ({
    ...common(input),
    user: user(input.subject),
    privileges: texts(input.event.detail?.["roles"] ?? input.event.detail?.["scope"], "unspecified"),
  }),
  "entity-management": (input) => ({
    ...common(input),
    entity: {
      name: text(input.event.detail?.["entity"], input.event.type.name),
      ...(input.subject !== undefined && { user: user(input.subject) }),
    },
  }),
  "api-activity": (input) => ({
    ...common(input),
    api: { operation: text(input.event.detail?.["call"], input.event.type.name) },
  }),
  "datastore-activity": (input) => ({
    ...common(input),
    ...(input.subject !== undefined &&
      input.actor !== undefined && { unmapped: { ...input.event.detail, subject: input.subject } }),
    table: { name: text(input.event.detail?.["collection"], "unknown") },
  }),
  "detection-finding": (input) => ({
    ...foreign(input),
    finding_info: { uid: text(input.event.detail?.["finding"], input.id), title: input.event.type.message },
  }),
  "incident-finding": (input) => ({
    ...foreign(input),
    finding_info_list: [{ uid: text(input.event.detail?.["incident"], input.id), title: input.event.type.message }],
    assignee_group: { name: "security" },
  }),
  "remediation-activity": (input) => ({
    ...foreign(input),
    command_uid: text(input.event.detail?.["command"], input.id),
  }),
};
