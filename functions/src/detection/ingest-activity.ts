import { isIP } from "node:net";
import type { SecurityEvent } from "../kernel/event.js";
import type { Clock } from "../kernel/time.js";
import { describeError, type LogLevel } from "../platform/log.js";
import { readActivityEntry, type ActivityEntry } from "./activity-entry.js";
import { detectionEvent } from "./events.js";
import { UNKNOWN_PLACE, type Place } from "./place.js";
import { isProxied } from "./proxied.js";
import type { SeenStore } from "./window-store.js";

export interface IngestDeps {
  readonly seen: SeenStore;
  readonly locate: (ip: string) => Place;
  /** The account with this address, or undefined when there is none. */
  readonly findAccount: (email: string, tenant: string | undefined) => Promise<string | undefined>;
  /** HMAC under a key of our own: the same text always gives the same bytes, and nobody else can make them. */
  readonly keyedHash: (label: string, value: string) => Promise<Uint8Array>;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly clock: Clock;
  readonly log: (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** Messages of a failed password sign-in (`status.message` starts with them), and what the event calls them. */
const REASONS: Readonly<Record<string, string>> = {
  INVALID_LOGIN_CREDENTIALS: "wrong-credentials", // with protection against enumeration, the default since 2023
  INVALID_PASSWORD: "wrong-password",
  EMAIL_NOT_FOUND: "unknown-account",
  USER_DISABLED: "disabled",
  TOO_MANY_ATTEMPTS_TRY_LATER: "throttled",
};

/**
 * Turns an activity-log entry of a failed password sign-in into an event; everything else is passed over. The address
 * itself is not kept: it becomes the account's id, or for an account that does not exist a keyed hash. What the password proxy
 * asked is passed over too: it has told of it itself.
 * Safe to repeat: an entry counts once (its `insertId`). Answers whether an event was recorded.
 */
export const ingestActivity = async (deps: IngestDeps, message: unknown): Promise<boolean> => {
  const entry = readActivityEntry(message);
  const reason = entry === undefined ? undefined : failure(entry);
  if (entry?.email === undefined || reason === undefined) return false;
  if (await isProxied(deps, entry, normal(entry.email))) return false;
  const id = `activity/${entry.timestamp}/${entry.insertId}`;
  if (!(await deps.seen.claim(id, deps.clock()))) return false;
  await deps.record(await eventOf(deps, { ...entry, email: entry.email }, reason));
  await deps.seen.mark(id, deps.clock());
  return true;
};

const normal = (email: string): string => email.trim().toLowerCase();

const failure = ({ methodName, status }: ActivityEntry): string | undefined => {
  if (!/\.(SignInWithPassword|VerifyPassword)$/.test(methodName) || status.code === 0) return undefined;
  return Object.entries(REASONS).find(([prefix]) => status.message.startsWith(prefix))?.[1];
};

const eventOf = async (
  deps: IngestDeps,
  entry: ActivityEntry & { email: string },
  reason: string,
): Promise<SecurityEvent> => {
  const email = normal(entry.email);
  const uid = await deps.findAccount(email, entry.tenant);
  const stranger = uid === undefined ? await deps.keyedHash("detection.stranger", email) : undefined;
  const occurredAt = Date.parse(entry.timestamp);
  return {
    type: detectionEvent["sign-in-failed"],
    outcome: "failure",
    ...(uid !== undefined && { subject: uid }),
    ...where(deps, entry.callerIp),
    ...(entry.userAgent !== undefined && { userAgent: entry.userAgent }),
    detail: {
      method: "password",
      reason,
      ...(stranger !== undefined && { account: Buffer.from(stranger.subarray(0, 16)).toString("base64url") }),
      ...(Number.isFinite(occurredAt) && { occurredAt }),
    },
  };
};

const where = (deps: IngestDeps, ip: string | undefined): Pick<SecurityEvent, "ip" | "country" | "asn"> => {
  if (ip === undefined || isIP(ip) === 0) return {};
  try {
    const place = deps.locate(ip);
    if (place.country === UNKNOWN_PLACE.country) return { ip };
    return { ip, country: place.country, ...(place.asn !== 0 && { asn: place.asn }) };
  } catch (error) {
    // Without a place the failure still counts.
    deps.log("ERROR", "an address could not be located", describeError(error));
    return { ip };
  }
};
