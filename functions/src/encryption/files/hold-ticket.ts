import { config } from "../../config.js";
import { networkPrefix } from "../../kernel/network.js";
import { MINUTE } from "../../kernel/time.js";
import { requestError } from "../../platform/errors.js";
import { sessionLimits } from "../../platform/session-limits.js";
import { sessionFault } from "../../platform/session.js";
import { encryptionError } from "../errors.js";
import type { FilesDeps } from "./files-deps.js";
import type { SeenFile } from "./stored-file.js";
import { hashTicket, type Ticket } from "./ticket-store.js";

/** A request as HTTP has it. Names of headers are in lower case. */
export interface FileRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The caller's address. */
  readonly ip: string;
}

// Before the ticket is looked up, so that guessing costs us nothing; a part or a range is a request.
const byNetwork = { permits: 1_200, perMs: MINUTE, by: "network", store: "instance", whenDown: "refuse" } as const;
const byAccount = { permits: 600, perMs: MINUTE, by: "account", store: "instance", whenDown: "refuse" } as const;

/**
 * The file that the request's ticket is for, once its session was found alive: a session that was ended since ends its
 * tickets with it.
 *
 * @throws encryption/ticket-refused, request/session-…, request/too-many, encryption/file-unknown
 */
export const holdTicket = async (
  deps: FilesDeps,
  request: FileRequest,
  purpose: Ticket["purpose"],
): Promise<SeenFile> => {
  await deps.limiter(`files-${purpose}`, byNetwork, networkPrefix(request.ip));
  const secret = /^Bearer ([\w-]{43})$/i.exec(headerOf(request, "authorization") ?? "")?.[1];
  if (secret === undefined) throw encryptionError("ticket-refused");
  const ticket = await deps.tickets.find(hashTicket(secret));
  if (ticket?.purpose !== purpose || deps.clock() >= ticket.until) throw encryptionError("ticket-refused");
  await deps.limiter(`files-${purpose}-account`, byAccount, ticket.uid);
  await holdSession(deps, ticket);
  const seen = await deps.storedFiles.find(ticket.file);
  if (seen?.row.uid !== ticket.uid || seen.row.state === "going") throw encryptionError("file-unknown");
  return seen;
};

/** A header; undefined when it is not there, or came twice and is nobody's word. */
export const headerOf = ({ headers }: FileRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
};

/** As the gate holds every call: live, within its limits, and not held up by risk. Sending a long file keeps it from idling. */
const holdSession = async (deps: FilesDeps, { uid, sid }: Ticket): Promise<void> => {
  const session = await deps.sessions.find(sid);
  const now = deps.clock();
  const fault = sessionFault(session, uid, now);
  if (session === undefined || fault !== undefined) throw requestError(fault ?? "session-missing");
  const { idleMs, absoluteMs } = sessionLimits(session.roles);
  if (now - session.startedAt >= absoluteMs || now - session.lastSeenAt >= idleMs)
    throw requestError("session-expired");
  if (session.stepUpRequired)
    throw requestError("step-up-required", { details: { scope: "any", methods: [], reasons: session.riskReasons } });
  if (now - session.lastSeenAt >= config.session.heartbeatMs)
    await deps.sessions.touch(sid, now, Math.min(now + idleMs, session.absoluteExpiresAt));
};
