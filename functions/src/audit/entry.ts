import { canonicalJson } from "../kernel/canonical-json.js";
import { networkPrefix } from "../kernel/network.js";
import type { EventMessage, SecurityEvent, Severity } from "../kernel/event.js";
import type { EpochMs } from "../kernel/time.js";
import { toOcsf, type OcsfInput } from "./ocsf.js";

/** Place of an entry that the sequencer has not reached. */
export const UNPLACED = -1;

/**
 * The document `auditEntries/{id}`. `ocsf` is the record: canonical JSON, hashed as these very bytes.
 * The other fields repeat parts of it for queries and the console, and prove nothing.
 */
export interface AuditEntry {
  readonly id: string;
  readonly time: EpochMs;
  readonly name: string;
  readonly class: string;
  readonly severity: Severity;
  readonly outcome: "success" | "failure";
  readonly message: string;
  /** Pseudonym. */
  readonly subject?: string;
  readonly network?: string;
  readonly country?: string;
  readonly asn?: number;
  readonly ocsf: string;
  /** Place in the tree, or -1 until it has one. */
  readonly index: number;
}

/** One event in the three forms in which it leaves: entry of the log, log line, and message to other domains. */
export interface Recorded {
  readonly entry: AuditEntry;
  readonly ocsf: Readonly<Record<string, unknown>>;
  /** Names the real account and address: consumers need them, nobody keeps them. */
  readonly message: EventMessage;
}

export const recordOf = (input: OcsfInput): Recorded => {
  const { event, id, at } = input;
  const ocsf = toOcsf(input);
  return { entry: entryOf(input, canonicalJson(ocsf)), ocsf, message: messageOf(event, id, at) };
};

const entryOf = ({ event, id, at, subject }: OcsfInput, ocsf: string): AuditEntry => ({
  id,
  time: at,
  name: event.type.name,
  class: event.type.class,
  severity: event.severity ?? event.type.severity,
  outcome: event.outcome,
  message: event.type.message,
  ...(subject !== undefined && { subject }),
  ...(event.ip !== undefined && { network: networkPrefix(event.ip) }),
  ...(event.country !== undefined && { country: event.country }),
  ...(event.asn !== undefined && { asn: event.asn }),
  ocsf,
  index: UNPLACED,
});

const messageOf = ({ type, ...event }: SecurityEvent, id: string, at: EpochMs): EventMessage => ({
  ...event,
  id,
  at,
  name: type.name,
  class: type.class,
  activity: type.activity,
  severity: event.severity ?? type.severity,
});
