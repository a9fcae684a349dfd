import { randomId, type RandomBytes } from "../kernel/random.js";
import type { OcsfClass, SecurityEvent } from "../kernel/event.js";
import type { Clock } from "../kernel/time.js";
import { describeError, type LogLevel } from "../platform/log.js";
import type { Publisher } from "../platform/pubsub.js";
import { recordOf, type Recorded } from "./entry.js";
import { auditError } from "./errors.js";
import type { Pseudonyms } from "./pseudonyms.js";
import type { AccessEntry, Spool, SpoolRows } from "./spool.js";

export interface RecordDeps {
  readonly spool: Spool;
  readonly pseudonyms: Pseudonyms;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: (severity: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export const SECURITY_EVENTS = "security-events";

/**
 * Logs, publishes and keeps an event. A message that Pub/Sub does not take is kept beside the entry and published later.
 *
 * @throws audit/unavailable when the entry cannot be kept and the event's class must not happen unrecorded
 */
export const recordEvent = async (deps: RecordDeps, event: SecurityEvent): Promise<void> => {
  try {
    await deps.spool.add(await tell(deps, { event }));
  } catch (cause) {
    unkept(deps, event, cause);
  }
};

/** An event, and what of it its subject may see. */
export interface Seen {
  readonly event: SecurityEvent;
  readonly access: AccessEntry;
}

/** The same for many accesses at once, which are written together. @throws audit/unavailable when one cannot be kept */
export const recordSeen = async (deps: RecordDeps, seen: readonly Seen[]): Promise<void> => {
  const [first] = seen;
  if (first === undefined) return;
  try {
    await deps.spool.addAll(await Promise.all(seen.map((each) => tell(deps, each))));
  } catch (cause) {
    unkept(deps, first.event, cause);
  }
};

/** Logs and publishes; what is left to be kept. */
const tell = async (deps: RecordDeps, { event, access }: Partial<Seen> & Pick<Seen, "event">): Promise<SpoolRows> => {
  const recorded = await prepare(deps, event);
  writeLine(deps, recorded);
  const published = await tryPublish(deps, recorded);
  return {
    entry: recorded.entry,
    ...(!published && { outbox: recorded.message }),
    ...(access !== undefined && { access }),
  };
};

const unkept = (deps: RecordDeps, { type }: SecurityEvent, cause: unknown): void => {
  deps.log("ERROR", "an event could not be kept", { name: type.name, ...describeError(cause) });
  if (REFUSE_WHEN_DOWN[type.class]) throw auditError("unavailable", { cause });
};

/**
 * What happens to an action whose record cannot be kept. Whoever can silence the log must not gain by it, so what
 * grants, changes or discloses something is refused. What only refuses, finds or contains goes on: it protects.
 */
export const REFUSE_WHEN_DOWN: Readonly<Record<OcsfClass, boolean>> = {
  authentication: true,
  "authorize-session": true,
  "account-change": true,
  "user-access": true,
  "entity-management": true,
  "datastore-activity": true,
  "api-activity": false,
  "detection-finding": false,
  "incident-finding": false,
  "remediation-activity": false,
};

/** Gives the event its id, time and pseudonyms. */
export const prepare = async (
  deps: Pick<RecordDeps, "pseudonyms" | "clock" | "random">,
  event: SecurityEvent,
): Promise<Recorded> => {
  const [subject, actor] = await Promise.all([pseudonym(deps, event.subject), pseudonym(deps, event.actor)]);
  return recordOf({
    event,
    id: randomId(deps.random),
    at: deps.clock(),
    ...(subject !== undefined && { subject }),
    ...(actor !== undefined && { actor }),
  });
};

const pseudonym = async (deps: Pick<RecordDeps, "pseudonyms">, uid: string | undefined): Promise<string | undefined> =>
  uid === undefined || uid === "system" ? uid : deps.pseudonyms.of(uid);

/** Publishes; false, with a warning, when Pub/Sub does not take it. */
export const tryPublish = async (
  deps: Pick<RecordDeps, "publisher" | "log">,
  { message }: Recorded,
): Promise<boolean> => {
  try {
    await deps.publisher.publish(SECURITY_EVENTS, message, { name: message.name, class: message.class });
    return true;
  } catch (error) {
    deps.log("WARNING", "an event waits to be published", { name: message.name, ...describeError(error) });
    return false;
  }
};

/** The line for Cloud Logging. OCSF has its own `severity`, `message` and `time`, so it stays under one key. */
export const writeLine = (deps: Pick<RecordDeps, "log">, { entry, ocsf }: Recorded): void => {
  deps.log(LEVELS[entry.severity], entry.message, {
    "logging.googleapis.com/labels": { event_class: entry.class, event_name: entry.name },
    "logging.googleapis.com/insertId": entry.id,
    ocsf,
  });
};

const LEVELS = {
  informational: "INFO",
  low: "NOTICE",
  medium: "WARNING",
  high: "ERROR",
  critical: "CRITICAL",
  fatal: "EMERGENCY",
} as const satisfies Record<Recorded["entry"]["severity"], LogLevel>;
