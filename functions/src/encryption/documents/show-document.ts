import type { Access } from "../../audit/index.js";
import type { DocumentPlan } from "../tokens/document-plan.js";
import { toJson } from "./json-value.js";
import { openDocument, type OpenDeps } from "../tokens/open-document.js";
import type { Values } from "../tokens/seal-document.js";

export interface ShowDeps extends OpenDeps {
  readonly recordAccess: (access: Access) => Promise<void>;
}

/** Who looks. An operator is named to the log, and not to the subject. */
export type Viewer = { readonly actor: "subject" } | { readonly actor: "operator"; readonly actorUid: string };

/**
 * A stored document as an answer: the declared fields, decrypted, as JSON. L4 fields stay closed. RED fields that are in it
 * are put on record first, one entry a document; what cannot be recorded is not shown.
 */
export const showDocument = async (
  deps: ShowDeps,
  plan: DocumentPlan,
  document: { path: string; data: Readonly<Values>; subject: string; viewer: Viewer },
): Promise<Values> => {
  const { collection, fields } = plan;
  const opened = await openDocument(deps, { collection: collection.name, path: document.path, data: document.data });
  const shown = Object.entries(opened).filter(
    ([name]) => fields.has(name) && fields.get(name)?.field.hardware !== true,
  );
  const red = shown.map(([name]) => name).filter((name) => fields.get(name)?.field.class === "RED");
  if (red.length > 0 || document.viewer.actor === "operator") {
    const { purpose, legalBasis, name } = collection;
    const read = { purpose, legalBasis, collection: name, fields: red, action: "read" } as const;
    await deps.recordAccess({ ...read, ...document.viewer, subject: document.subject });
  }
  return Object.fromEntries(shown.map(([name, value]) => [name, toJson(deps.natives, value)]));
};
