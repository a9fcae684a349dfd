import { createHash, randomBytes } from "node:crypto";
import type { SecurityEvent } from "../../kernel/event.js";
import type { Session } from "../../platform/session.js";
import { testDomain } from "../encryption.fixture.js";
import { beginFile, type NewFile } from "./begin-file.js";
import type { FileAnswer } from "./file-answer.js";
import type { FilesDeps } from "./files-deps.js";
import { finishFile } from "./finish-file.js";
import type { FileCaller } from "./hold-demand.js";
import type { FileRequest } from "./hold-ticket.js";
import { memoryObjects } from "./memory-objects.js";
import { memoryStoredFiles } from "./memory-stored-files.js";
import { openFile } from "./open-file.js";
import { serveDownload } from "./serve-download.js";
import { serveUpload } from "./serve-upload.js";
import { memoryTickets } from "./ticket-store.js";

/** Small, so that a test's file has several segments and parts. */
export const CUT = { segmentBytes: 1_024, partBytes: 4_096 };

/** Files over memory: everything is real but the stores and KMS. */
export const testFiles = (domain = testDomain(), ground: Partial<FilesDeps> = {}) => {
  const sessions = new Map<string, Session>();
  const events: SecurityEvent[] = [];
  const objects = memoryObjects();
  const deps: FilesDeps = {
    ...domain,
    storedFiles: memoryStoredFiles(),
    tickets: memoryTickets(),
    objects,
    sessions: { find: (sid) => Promise.resolve(sessions.get(sid)), touch: () => Promise.resolve() },
    limiter: () => Promise.resolve(),
    record: (event) => {
      events.push(event);
      return Promise.resolve();
    },
    random: (size) => randomBytes(size),
    cut: CUT,
    ...ground,
  };
  const signIn = (uid: string, facts: Partial<Session> = {}): FileCaller => {
    const session = liveSession(uid, domain.time.now, facts);
    sessions.set(session.sid, session);
    return { uid, session };
  };
  const end = ({ session }: FileCaller) => void sessions.set(session.sid, { ...session, revokedAt: domain.time.now });
  return { deps, objects, events, sessions, signIn, end, time: domain.time, accesses: domain.accesses, domain };
};

export type TestFiles = ReturnType<typeof testFiles>;

const liveSession = (uid: string, now: number, facts: Partial<Session>): Session => ({
  sid: randomBytes(16).toString("base64url"),
  uid,
  aal: 1,
  amr: ["pwd"],
  roles: ["user"],
  startedAt: now,
  absoluteExpiresAt: now + 12 * 3_600_000,
  idleExpiresAt: now + 3_600_000,
  lastSeenAt: now,
  stepUp: {},
  stepUpRequired: false,
  riskReasons: [],
  device: { name: "Laptop", browser: "Firefox", os: "Linux" },
  networkPrefix: "203.0.113.0/24",
  country: "DE",
  asn: 3320,
  ...facts,
});

const request = (method: string, ticket: string, more: Partial<FileRequest> = {}): FileRequest => ({
  method,
  query: {},
  ip: "203.0.113.7",
  ...more,
  headers: { authorization: `Bearer ${ticket}`, ...more.headers },
});

export const digestHeader = (bytes: Uint8Array): string =>
  `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;

/** Sends one part as the HTTPS function gets it. */
export const sendPart = (
  { deps }: TestFiles,
  ticket: string,
  part: number,
  bytes: Uint8Array,
  digest = digestHeader(bytes),
): Promise<FileAnswer> =>
  serveUpload(deps, {
    ...request("PUT", ticket, { query: { part: String(part) }, headers: { "content-digest": digest } }),
    body: bytes,
  });

export const askStatus = ({ deps }: TestFiles, ticket: string): Promise<FileAnswer> =>
  serveUpload(deps, { ...request("GET", ticket), body: new Uint8Array(0) });

export const partOf = (content: Uint8Array, part: number): Uint8Array =>
  content.subarray(part * CUT.partBytes, (part + 1) * CUT.partBytes);

export const newLetter = (uid: string, size: number, more: Partial<NewFile> = {}): NewFile => ({
  folder: "letters",
  params: { uid },
  size,
  contentType: "text/plain",
  name: "to my love.txt",
  ...more,
});

/** A finished file; its id. */
export const store = async (files: TestFiles, caller: FileCaller, content: Uint8Array, more: Partial<NewFile> = {}) => {
  const begun = await beginFile(files.deps, caller, newLetter(caller.uid, content.length, more));
  for (let part = 0; part < begun.parts; part += 1) await sendPart(files, begun.ticket, part, partOf(content, part));
  await finishFile(files.deps, caller.uid, begun.file);
  return begun.file;
};

export const fetchWith = ({ deps }: TestFiles, ticket: string, headers: Record<string, string> = {}, method = "GET") =>
  serveDownload(deps, request(method, ticket, { headers }));

/** The file's bytes, by a ticket of its own. */
export const fetchFile = async (
  files: TestFiles,
  caller: FileCaller,
  file: string,
  headers: Record<string, string> = {},
) => fetchWith(files, (await openFile(files.deps, caller, file)).ticket, headers);

export const contentOf = async ({ body }: FileAnswer): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
};
