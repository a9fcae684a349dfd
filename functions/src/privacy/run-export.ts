import { Readable } from "node:stream";
import { config } from "../config.js";
import { canonicalJson } from "../kernel/canonical-json.js";
import type { Collection, DataMap, Folder } from "../kernel/data-map/map.js";
import { isDomainError } from "../kernel/errors.js";
import type { SecurityEvent } from "../kernel/event.js";
import type { heldFiles, openHeldFile, Reader, Reading, readAs } from "../encryption/index.js";
import type { Accounts } from "./accounts.js";
import { privacyEvent } from "./events.js";
import { exportDocument, heldFields, isWithheld } from "./export-document.js";
import { heldFileText } from "./export-held-file.js";
import { exportFacts } from "./export-facts.js";
import type { Files } from "./files.js";
import { addCount, type JobState } from "./job.js";
import type { SubjectDocument, SubjectRecords } from "./records.js";
import { runSlice, type SliceDeps } from "./slices.js";
import { folderPrefix, ownsObject } from "./subject-query.js";
import { typedJson } from "./typed-json.js";

export interface ExportDeps extends SliceDeps {
  readonly map: () => DataMap;
  readonly records: SubjectRecords;
  readonly files: Files;
  readonly accounts: Accounts;
  /** Runs `read` and holds its result back until what it opened is on the person's record. */
  readonly readAs: typeof readAs;
  /** A document's values, decrypted. */
  readonly open: (
    request: { collection: string; path: string; data: Record<string, unknown> },
    reading: Reading,
  ) => Promise<Record<string, unknown>>;
  readonly heldFiles: typeof heldFiles;
  readonly openHeldFile: typeof openHeldFile;
  readonly record: (event: SecurityEvent) => Promise<void>;
}

/** What is told with the folders that it is about. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(["storedFiles"]);

export type ExportStep = { readonly do: "documents" | "files"; readonly name: string } | { readonly do: "assemble" };

/** What an export walks through: everything that the data map says is about somebody. */
export const exportSteps = (map: DataMap): ExportStep[] => [
  ...map.collections
    .filter(({ name, subject }) => subject.by !== "none" && !TOLD_ELSEWHERE.has(name))
    .map(({ name }) => ({ do: "documents", name }) as const),
  ...map.folders.filter(({ subject }) => subject.by !== "none").map(({ name }) => ({ do: "files", name }) as const),
  { do: "assemble" },
];

export const EXPORT_RUN = "privacy-export-run";

/** A slice of an export. Parts are written before the job moves on, under names that a repeated page writes again. */
export const runExport = (deps: ExportDeps, jobId: string): Promise<void> =>
  runSlice(deps, EXPORT_RUN, jobId, async (job) => {
    const step = (JSON.parse(job.plan) as ExportStep[])[job.step];
    if (step === undefined) throw new TypeError("an export's last step ends it");
    if (step.do === "documents") return exportPage(deps, job, step.name);
    if (step.do === "files") return exportFiles(deps, job, step.name);
    return assemble(deps, job);
  });

const exportPage = async (deps: ExportDeps, job: JobState, name: string): Promise<boolean> => {
  const collection = deps.map().collection(name);
  const { documents: found, next } = await deps.records.page(collection, job.uid, pageAt(deps, job));
  const documents = found.filter(({ data }) => !isWithheld(collection, data, deps.clock()));
  const faults: string[] = [];
  // One entry of the person's record a page: nothing of it is written before that is kept.
  const lines = await deps.readAs(
    readerOf(job.uid),
    (reading) => openLines(deps, { collection, documents, job, reading, faults }),
    {
      summary: true,
    },
  );
  return writePart(deps, job, { lines, faults, next, count: [name, documents.length] });
};

interface Page {
  readonly collection: Collection;
  readonly documents: readonly SubjectDocument[];
  readonly job: JobState;
  readonly reading: Reading;
  /** What could not be opened is added. */
  readonly faults: string[];
}

const openLines = async (deps: ExportDeps, page: Page): Promise<string[]> => {
  const { collection, documents, job } = page;
  const lines: string[] = [];
  for (const document of documents) {
    const values = await openOrTell(deps, page, document);
    const held = heldFields(collection, document.data);
    const data = {
      ...(values === undefined ? { unreadable: true } : exportDocument(collection, job.uid, values)),
      ...held,
    };
    lines.push(JSON.stringify({ collection: collection.name, path: document.path, data }));
  }
  return lines;
};

/** A document that cannot be decrypted is told of, and does not stop the others. Everything else tries again. */
const openOrTell = async (
  deps: ExportDeps,
  { collection: { name }, reading, faults }: Page,
  { path, data }: SubjectDocument,
) => {
  try {
    return await deps.open({ collection: name, path, data: { ...data } }, reading);
  } catch (error) {
    if (!isDomainError(error, "encryption/undecryptable") && !isDomainError(error, "encryption/key-missing"))
      throw error;
    faults.push(`A document in ${name} cannot be decrypted.`);
    return undefined;
  }
};

const exportFiles = async (deps: ExportDeps, job: JobState, name: string): Promise<boolean> => {
  const folder = deps.map().folder(name);
  if (folder.stored === "token" && folder.owner === "app") return exportHeldFile(deps, job, name);
  const { files, next } = await deps.files.list(prefixOf(folder, job.uid), pageAt(deps, job));
  const own = files.filter((file) => isOwn(folder, job.uid, file.name) && !isExport(job, file.name));
  const lines = own.map(({ name: object, ...facts }) => JSON.stringify({ folder: name, file: object, ...facts }));
  return writePart(deps, job, { lines, faults: [], next, count: [name, own.length] });
};

/** One file of an encrypted folder a page: its content is in the export, and never as a whole in memory. */
const exportHeldFile = async (deps: ExportDeps, job: JobState, name: string): Promise<boolean> => {
  const page = { limit: 1, ...(job.cursor !== "" && { after: job.cursor }) };
  const [held] = await deps.heldFiles({ uid: job.uid, folder: name }, page);
  const count = [name, held === undefined ? 0 : 1] as const;
  if (held === undefined) return writePart(deps, job, { lines: [], faults: [], next: undefined, count });
  try {
    const opened = await deps.openHeldFile({ uid: job.uid, file: held.file, reader: readerOf(job.uid) });
    const content = Readable.from(heldFileText(name, held, opened));
    return await writePart(deps, job, { content, faults: [], next: held.file, count });
  } catch (error) {
    if (!isDomainError(error) || !UNREADABLE.has(error.code)) throw error;
    const lines = [JSON.stringify({ folder: name, file: held.file, bytes: held.size, unreadable: true })];
    const faults = [`A file in ${name} cannot be decrypted.`];
    return writePart(deps, job, { lines, faults, next: held.file, count });
  }
};

const UNREADABLE: ReadonlySet<string> = new Set([
  "encryption/undecryptable",
  "encryption/key-missing",
  "encryption/file-unknown",
]);

interface Part {
  readonly lines?: readonly string[];
  /** Instead of lines. */
  readonly content?: Readable;
  readonly faults: readonly string[];
  readonly next: string | undefined;
  readonly count: readonly [name: string, count: number];
}

const writePart = async (deps: ExportDeps, job: JobState, part: Part): Promise<boolean> => {
  const { lines = [], content = lines.join(",\n"), faults, next, count } = part;
  const isEmpty = content === "";
  if (!isEmpty) await deps.files.write(partName(job, job.part), content);
  return deps.jobs.advance(job, {
    ...(next === undefined ? { step: job.step + 1, cursor: "" } : { cursor: next }),
    part: job.part + (isEmpty ? 0 : 1),
    counts: addCount(job.counts, count[0], "exported", count[1]),
    faults: [...job.faults, ...faults].slice(0, 1_000),
  });
};

/** Joins the parts into one file, part by part, and takes them away. */
const assemble = async (deps: ExportDeps, job: JobState): Promise<boolean | "done"> => {
  const account = await deps.accounts.find(job.uid);
  const now = deps.clock();
  const head = {
    format: "firekeep-export/v1",
    request: job.request,
    requestedAt: new Date(job.at).toISOString(),
    finishedAt: new Date(now).toISOString(),
    subject: job.uid,
    complete: job.faults.length === 0,
    faults: job.faults,
    counts: job.counts,
    facts: exportFacts(deps.map()),
    account: typedJson(account?.facts),
  };
  const object = objectName(job.uid, job.request);
  await deps.files.write(object, Readable.from(joinParts(deps.files, job, canonicalJson(head))));
  await deps.record({
    type: privacyEvent["export-finished"],
    outcome: "success",
    subject: job.uid,
    detail: { collection: "all" },
  });
  const expiresAt = now + config.privacy.exportKeepMs;
  // Enqueued before the job ends: a crash in between leaves a job that does this again, under the same name.
  const expiry = { id: `expire-${job.request}`, data: { expire: job.request }, delayMs: config.privacy.exportKeepMs };
  await deps.queue.enqueue(EXPORT_RUN, expiry);
  if (!(await deps.jobs.finish(job, { status: "done", object, expiresAt, finishedAt: now }))) return false;
  // Only now: a crash before would leave a job that cannot be done again. A crash here leaves parts to the expiry.
  await removeParts(deps.files, job);
  return "done";
};

const removeParts = async (files: Files, { uid, request }: Pick<JobState, "uid" | "request">): Promise<void> => {
  for (
    let found = await listParts(files, uid, request);
    found.length > 0;
    found = await listParts(files, uid, request)
  ) {
    for (const { name } of found) await files.remove(name);
  }
};

const listParts = async (files: Files, uid: string, request: string) =>
  (await files.list(partsOf(uid, request), { limit: 100 })).files;

async function* joinParts(files: Files, job: JobState, head: string): AsyncGenerator<string | Buffer> {
  yield `${head.slice(0, -1)},"data":[\n`;
  for (let part = 0; part < job.part; part += 1) {
    const stream = await files.read(partName(job, part));
    if (stream === undefined) throw new Error("a part of the export is missing");
    if (part > 0) yield ",\n";
    for await (const chunk of stream) yield chunk as Buffer;
  }
  yield "\n]}\n";
}

/** Takes a finished export away when its time is over. A task that comes early does nothing. */
export const expireExport = async (
  deps: Pick<ExportDeps, "jobs" | "files" | "clock">,
  requestId: string,
): Promise<void> => {
  const request = await deps.jobs.request(requestId);
  if (request?.object === undefined || deps.clock() < (request.expiresAt ?? Infinity)) return;
  await removeParts(deps.files, { uid: request.uid, request: requestId });
  await deps.files.remove(request.object);
};

const pageAt = ({ pageSize }: SliceDeps, { cursor }: JobState) => ({
  limit: pageSize,
  ...(cursor !== "" && { after: cursor }),
});

const readerOf = (uid: string): Reader => ({
  actor: "subject",
  actorUid: uid,
  purpose: "Export on the person's request (GDPR Art. 15, 20)",
  legalBasis: "legal-obligation",
});

export const objectName = (uid: string, request: string): string => `exports/${uid}/${request}.json`;

const partName = ({ uid, request }: JobState, part: number): string =>
  `${partsOf(uid, request)}${String(part).padStart(8, "0")}`;

const partsOf = (uid: string, request: string): string => `exports/${uid}/${request}.parts/`;

const isExport = ({ uid }: JobState, name: string): boolean => name.startsWith(`exports/${uid}/`);

/** The folder's prefix for one person, and whether an object in it is really theirs. */
export const prefixOf = ({ folder, subject }: Folder, uid: string): string =>
  folderPrefix(folder, subject.by === "path" ? subject.variable : "", uid);

export const isOwn = ({ folder, subject }: Folder, uid: string, name: string): boolean =>
  subject.by === "path" && ownsObject(folder, subject.variable, uid, name);
