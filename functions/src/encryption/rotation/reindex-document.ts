import type { DocumentData } from "firebase-admin/firestore";
import { encryptionError } from "../errors.js";
import { indexValue } from "../indexes/blind-index.js";
import type { IndexRoot } from "../indexes/index-root.js";
import { planOf } from "../tokens/document-plan.js";
import { openDocument, type OpenDeps } from "../tokens/open-document.js";

/**
 * A document's blind indexes, made with the root that writes.
 *
 * @returns `_b` and `_bk`, whole
 * @throws encryption/keys-unavailable while this instance has not heard of the root; encryption/undecryptable, -value-not-normal
 */
export const reindexDocument = async (
  deps: OpenDeps & { readonly indexRoot: IndexRoot },
  { collection, path, data, root }: { collection: string; path: string; data: DocumentData; root: number },
): Promise<DocumentData> => {
  const keys = deps.indexRoot.held() ?? (await deps.indexRoot.warm());
  if (keys.version < root)
    throw encryptionError("keys-unavailable", { cause: new Error("the root is not in use here yet") });
  const plan = planOf(deps.dataMap(), collection);
  const lookups = [...plan.fields.values()].filter(({ field }) => field.lookup !== undefined);
  const opened = await openDocument(deps, { collection, path, data, only: lookups.map(({ field }) => field.name) });
  const indexes: Record<string, Buffer> = {};
  for (const field of lookups) {
    const value = opened[field.field.name];
    if (value !== undefined) indexes[field.field.name] = indexValue(keys, field, value as string | number | bigint);
  }
  return { _b: indexes, _bk: keys.version };
};
