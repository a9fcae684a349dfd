import { encryptionError } from "../errors.js";
import { pathValues, planOf, subjectOf, type DocumentPlan } from "../tokens/document-plan.js";
import { openDocument, type OpenDeps, type OpenRequest } from "../tokens/open-document.js";
import type { Values } from "../tokens/seal-document.js";
import { inChunks } from "./in-chunks.js";
import { isReading, startReading, type Reader, type Reading, type ReadingDeps } from "./reader.js";

export type ReadDeps = OpenDeps & ReadingDeps;

/** The values of each document, in order. Every opening is on record before this comes back, all in one write. */
export const openDocuments = async (
  deps: ReadDeps,
  requests: readonly OpenRequest[],
  reader: Reader,
): Promise<Values[]> => {
  const reading = startReading(deps, reader);
  const opened = await inChunks(requests, async (request) => openIn(deps, reading, request));
  await reading.settle();
  return opened;
};

/** Opens a document as part of a reading, which has to be settled before the values are shown. */
export const openIn = async (deps: OpenDeps, reading: Reading, request: OpenRequest): Promise<Values> =>
  noteOpened(deps, reading, request, await openDocument(deps, request));

/** Takes the opening down, and gives the values on. */
export const noteOpened = (
  deps: Pick<OpenDeps, "dataMap">,
  reading: Reading,
  request: OpenRequest,
  values: Values,
): Values => {
  if (!isReading(reading)) throw encryptionError("reader-missing");
  const plan = planOf(deps.dataMap(), request.collection);
  const subject = whose(plan, reading, request);
  if (subject !== undefined) reading.opened({ plan, path: request.path, subject, values });
  return values;
};

/** Nobody where nothing can be encrypted: a document that belongs to several, or to none, is its reader's if they are a subject. */
const whose = (plan: DocumentPlan, { reader }: Reading, { path, data }: OpenRequest): string | undefined => {
  const { by } = plan.collection.subject;
  if (by === "path" || by === "field") return subjectOf(plan, pathValues(plan, path), data);
  return reader.actor === "subject" ? reader.actorUid : undefined;
};
