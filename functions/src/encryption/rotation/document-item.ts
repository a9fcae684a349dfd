import type { DocumentData } from "firebase-admin/firestore";
import type { Item } from "./sweep.js";
import type { Mark, SweepDocuments, SweptDocument } from "./sweep-documents.js";

/** Whoever writes the document meanwhile wins: then it is read once more, and what they wrote is worked on. */
export const itemOf = (
  documents: SweepDocuments,
  first: SweptDocument,
  wanted: { mark: Mark; below: number } | undefined,
  remake: (document: SweptDocument) => Promise<DocumentData | undefined>,
): Item => ({
  path: first.path,
  work: async () => {
    let seen: SweptDocument | undefined = first;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const fields: DocumentData | undefined = await remake(seen);
      if (fields === undefined) return false;
      if (await documents.replace(seen, fields)) return true;
      seen = await documents.read(first.path);
      if (seen === undefined || (wanted !== undefined && !isBelow(seen, wanted))) return false;
    }
    // It will be found again in the next round.
    return true;
  },
});

const TRIES = 5;

const isBelow = ({ data }: SweptDocument, { mark, below }: { mark: Mark; below: number }): boolean => {
  const value: unknown = data[mark];
  return typeof value === "number" && value < below;
};
