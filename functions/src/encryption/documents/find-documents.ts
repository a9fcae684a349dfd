import { matchPath, type PathParams } from "../../kernel/data-map/paths.js";
import { rolesAllow } from "../../platform/roles.js";
import type { Session } from "../../platform/session.js";
import { encryptionError } from "../errors.js";
import { makeBlindIndex } from "../indexes/blind-index.js";
import type { IndexRoot } from "../indexes/index-root.js";
import { isSameValue } from "../indexes/same-value.js";
import { pathValues, planOf, subjectOf, type DocumentPlan } from "../tokens/document-plan.js";
import type { Values } from "../tokens/seal-document.js";
import type { DocumentStore, FoundDocument as StoredFind, IndexQuery } from "./document-store.js";
import type { ReadDeps } from "./open-documents.js";
import { isOpen } from "./own-document.js";
import { readWith, type Reader, type Reading } from "./reader.js";
import { showDocument } from "./show-document.js";

export interface FoundDocument {
  readonly params: PathParams;
  readonly values: Values;
}

export type FindDeps = ReadDeps & { readonly documents: DocumentStore; readonly indexRoot: IndexRoot };

interface Wanted {
  readonly collection: string;
  readonly field: string;
  readonly value: string;
}

const MOST = 50;
const MOST_PAGES = 40; // 2 000 documents with one value, of which hardly any is the caller's: whoever has that has no lookup

/**
 * Equality only, by blind index, and by the true value once it is open. Others' documents are left out as if they were not
 * there, unless the caller may see all; then those of others are listed up to 50.
 */
export const findDocuments = async (
  deps: FindDeps,
  caller: { readonly uid: string; readonly session?: Pick<Session, "roles" | "aal"> },
  wanted: Wanted,
): Promise<{ documents: FoundDocument[] }> => {
  const plan = planOf(deps.dataMap(), wanted.collection);
  const { collection } = plan;
  if (!isOpen(collection)) throw encryptionError("collection-closed");
  // Whether somebody's L4 field has a value would be told to one person alone.
  if (plan.fields.get(wanted.field)?.field.hardware === true)
    throw encryptionError("field-not-findable", { details: { field: wanted.field } });
  const indexes = await makeBlindIndex(deps, wanted);
  const query = { collection, field: wanted.field, indexes, limit: MOST };
  const find = (search: Search) => pageOn(deps, plan, { caller: caller.uid, wanted, ...search });
  const own = await find({ query: { ...query, subject: caller.uid }, isOwn: true, most: MOST });
  const others = isOfficer(caller.session) ? await find({ query, isOwn: false, most: MOST - own.length }) : [];
  return { documents: [...own, ...others] };
};

interface Search {
  readonly query: IndexQuery;
  /** Whether the caller's own documents are looked for, or those of everybody else. */
  readonly isOwn: boolean;
  readonly most: number;
}

/** Pages on until there are enough documents, or no more. */
const pageOn = async (
  deps: FindDeps,
  plan: DocumentPlan,
  { caller, wanted, query, isOwn, most }: Search & { caller: string; wanted: Wanted },
): Promise<FoundDocument[]> => {
  const reader: Reader = isOwn ? { actor: "subject" } : { actor: "operator", actorUid: caller };
  return readWith(deps, reader, async (reading) => {
    const documents: FoundDocument[] = [];
    let after: string | undefined;
    for (let page = 0; page < MOST_PAGES && documents.length < most; page += 1) {
      const found = await deps.documents.findByIndex({ ...query, ...(after !== undefined && { after }) });
      for (const document of found) {
        if (documents.length === most) break;
        const isWanted = (subject: string) => (subject === caller) === isOwn;
        const shown = await showFound(deps, { reading, plan }, { document, wanted, isWanted });
        if (shown !== undefined) documents.push(shown);
      }
      after = found.at(-1)?.path;
      if (found.length < query.limit) break;
    }
    return documents;
  });
};

const showFound = async (
  deps: FindDeps,
  { reading, plan }: { reading: Reading; plan: DocumentPlan },
  found: { document: StoredFind; wanted: Wanted; isWanted: (subject: string) => boolean },
): Promise<FoundDocument | undefined> => {
  const { path, data } = found.document;
  const params = matchPath(plan.collection.path, path);
  // A collection group also finds collections of the same name elsewhere.
  if (params === undefined) return undefined;
  const subject = subjectOf(plan, pathValues(plan, path), data);
  if (!found.isWanted(subject)) return undefined;
  // An index that another write left behind, or two values with one index.
  const { field, value } = found.wanted;
  const holds = (values: Readonly<Values>) => isSameValue(plan.fields.get(field), values[field], value);
  const values = await showDocument(deps, { reading, plan }, { path, data, subject }, holds);
  return values === undefined ? undefined : { params, values };
};

// Other people's data takes the permission and a second factor.
const isOfficer = (session: Pick<Session, "roles" | "aal"> | undefined): boolean =>
  session !== undefined && session.aal >= 2 && rolesAllow(session.roles, "privacy.operate");
