import { matchPath, type PathParams } from "../../kernel/data-map/paths.js";
import { rolesAllow } from "../../platform/roles.js";
import type { Session } from "../../platform/session.js";
import { makeBlindIndex } from "../indexes/blind-index.js";
import { pathValues, planOf, subjectOf } from "../tokens/document-plan.js";
import type { DocumentStore } from "./document-store.js";
import { encryptionError } from "../errors.js";
import type { IndexRoot } from "../indexes/index-root.js";
import { isOpen } from "./own-document.js";
import type { Values } from "../tokens/seal-document.js";
import { showDocument, type ShowDeps, type Viewer } from "./show-document.js";

export interface FoundDocument {
  readonly params: PathParams;
  readonly values: Values;
}

const MOST = 50;

/** Equality only, by blind index. Others' documents are left out as if they were not there, unless the caller may see all. */
export const findDocuments = async (
  deps: ShowDeps & { documents: DocumentStore; indexRoot: IndexRoot },
  caller: { readonly uid: string; readonly session?: Pick<Session, "roles" | "aal"> },
  wanted: { readonly collection: string; readonly field: string; readonly value: string },
): Promise<{ documents: FoundDocument[] }> => {
  const plan = planOf(deps.dataMap(), wanted.collection);
  const { collection } = plan;
  if (!isOpen(collection)) throw encryptionError("collection-closed");
  const indexes = await makeBlindIndex(deps, wanted);
  const query = { template: collection.path, group: collection.group, field: wanted.field, indexes, limit: MOST };
  const seesAll = isOfficer(caller.session);
  const documents: FoundDocument[] = [];
  for (const { path, data } of await deps.documents.findByIndex(query)) {
    const params = matchPath(collection.path, path);
    // A collection group also finds collections of the same name elsewhere.
    if (params === undefined) continue;
    const subject = subjectOf(plan, pathValues(plan, path), data);
    if (subject !== caller.uid && !seesAll) continue;
    const viewer: Viewer = subject === caller.uid ? { actor: "subject" } : { actor: "operator", actorUid: caller.uid };
    documents.push({ params, values: await showDocument(deps, plan, { path, data, subject, viewer }) });
  }
  return { documents };
};

// Other people's data takes the permission and a second factor.
const isOfficer = (session: Pick<Session, "roles" | "aal"> | undefined): boolean =>
  session !== undefined && session.aal >= 2 && rolesAllow(session.roles, "privacy.operate");
