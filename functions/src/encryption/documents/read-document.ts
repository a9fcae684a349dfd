import { encryptionError } from "../errors.js";
import type { Values } from "../tokens/seal-document.js";
import type { DocumentStore } from "./document-store.js";
import type { ReadDeps } from "./open-documents.js";
import { isOwn, ownPlace, type Place } from "./own-document.js";
import { readWith } from "./reader.js";
import { hardwareFields, showDocument } from "./show-document.js";

/** @throws encryption/not-found also for a document that belongs to somebody else, where its path does not tell */
export const readDocument = async (
  deps: ReadDeps & { documents: DocumentStore },
  uid: string,
  place: Place,
): Promise<{ values: Values; onFile: string[] }> => {
  const { plan, path } = ownPlace(deps.dataMap(), uid, place);
  const stored = await deps.documents.read(path);
  const own = stored !== undefined && isOwn(plan.collection, uid, { params: place.params, data: stored.data });
  if (!own) throw encryptionError("not-found");
  const { data } = stored;
  const values = await readWith(deps, { actor: "subject" }, (reading) =>
    showDocument(deps, { reading, plan }, { path, data, subject: uid }),
  );
  return { values: values ?? {}, onFile: hardwareFields(plan, data) };
};
