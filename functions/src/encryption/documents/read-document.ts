import type { DocumentStore } from "./document-store.js";
import { encryptionError } from "../errors.js";
import { isOwn, ownPlace, type Place } from "./own-document.js";
import type { Values } from "../tokens/seal-document.js";
import { showDocument, type ShowDeps } from "./show-document.js";

/** @throws encryption/not-found also for a document that belongs to somebody else, where its path does not tell */
export const readDocument = async (
  deps: ShowDeps & { documents: DocumentStore },
  uid: string,
  place: Place,
): Promise<{ values: Values }> => {
  const { plan, path } = ownPlace(deps.dataMap(), uid, place);
  const stored = await deps.documents.read(path);
  const own = stored !== undefined && isOwn(plan.collection, uid, { params: place.params, data: stored.data });
  if (!own) throw encryptionError("not-found");
  const viewer = { actor: "subject" } as const;
  return { values: await showDocument(deps, plan, { path, data: stored.data, subject: uid, viewer }) };
};
