import type { Collection, DataMap } from "../kernel/data-map/map.js";
import { eraseDocument, isKeep } from "./erase-document.js";
import type { ErasurePlan } from "./erasure-plan.js";
import type { Files } from "./files.js";
import type { Job } from "./job.js";
import type { SubjectDocument, SubjectRecords } from "./records.js";
import { isOwn, prefixOf } from "./run-export.js";
import { isAbout } from "./subject-query.js";

export interface ScanDeps {
  readonly map: () => DataMap;
  readonly records: SubjectRecords;
  readonly files: Files;
  readonly hasKeys: (uid: string) => Promise<boolean>;
}

/**
 * Looks for the person once more, in every collection and folder of the map, by account id and by the blind indexes of
 * their e-mail address. What is left is residual if the erasure would still change it: what the map says to keep is not.
 *
 * @returns names of the parts in which something is left
 */
export const findResidual = async (deps: ScanDeps, job: Job): Promise<string[]> => {
  const map = deps.map();
  const plan = JSON.parse(job.plan) as ErasurePlan;
  const left: string[] = [];
  for (const step of plan.steps) {
    if (step.do === "collection" && (await hasResidual(deps, map.collection(step.name), job))) left.push(step.name);
    if (step.do === "folder" && (await hasFiles(deps, step.name, job.uid))) left.push(step.name);
  }
  for (const index of job.indexes) {
    if (await isIndexed(deps, map.collection(index.collection), index, job.uid))
      left.push(`${index.collection} (by e-mail)`);
  }
  if (await deps.hasKeys(job.uid)) left.push("dataKeys");
  return left;
};

const PAGE = 400;

const hasResidual = async (deps: ScanDeps, collection: Collection, job: Job): Promise<boolean> => {
  let after: string | undefined;
  do {
    const page = { limit: PAGE, ...(after !== undefined && { after }) };
    const { documents, next } = await deps.records.page(collection, job.uid, page);
    const open = documents.filter(
      ({ path, data }) => path !== `privacyJobs/${job.id}` && eraseDocument(collection, job.uid, data).do !== "nothing",
    );
    if (open.length > 0) return true;
    after = next;
  } while (after !== undefined);
  return false;
};

const hasFiles = async ({ map, files }: ScanDeps, name: string, uid: string): Promise<boolean> => {
  const folder = map().folder(name);
  if (isKeep(folder.erase)) return false;
  let after: string | undefined;
  do {
    const page = { limit: PAGE, ...(after !== undefined && { after }) };
    const found = await files.list(prefixOf(folder, uid), page);
    if (found.files.some((file) => isOwn(folder, uid, file.name))) return true;
    after = found.next;
  } while (after !== undefined);
  return false;
};

/** Another person's document may rightly hold the same address; one that is this person's, or nobody's, may not. */
const isIndexed = async (
  { records }: ScanDeps,
  collection: Collection,
  index: { readonly field: string; readonly value: string },
  uid: string,
): Promise<boolean> => {
  const found = await records.findByIndex(collection, index.field, Buffer.from(index.value, "base64"));
  return found.some(
    (document) =>
      eraseDocument(collection, uid, document.data).do !== "nothing" &&
      (isAbout(collection, uid, document) || !hasSubject(collection, document)),
  );
};

const hasSubject = ({ subject }: Collection, { data }: SubjectDocument): boolean =>
  subject.by === "path" || (subject.by !== "none" && data[subject.field] !== undefined);
