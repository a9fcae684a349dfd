import type { DataMap } from "../../kernel/data-map/map.js";
import { planOf, type FieldPlan } from "../tokens/document-plan.js";
import { encryptionError } from "../errors.js";
import type { HashKeys } from "./hash-keys.js";
import type { IndexRoot } from "./index-root.js";
import { normalise } from "./normalise.js";

const INDEX_BYTES = 16;

/**
 * What to look for in `_b.<field>`: one index of each root that a stored one may have been made with, so two while roots
 * rotate.
 *
 * @throws encryption/field-not-findable, encryption/value-not-normal, encryption/kms-unavailable
 */
export const makeBlindIndex = async (
  deps: { dataMap: () => DataMap; indexRoot: IndexRoot },
  { collection, field, value }: { collection: string; field: string; value: string },
): Promise<Uint8Array[]> => {
  const plan = planOf(deps.dataMap(), collection).fields.get(field);
  if (plan?.field.lookup === undefined) throw encryptionError("field-not-findable", { details: { field } });
  const { every } = deps.indexRoot.held() ?? (await deps.indexRoot.warm());
  return every.map((keys) => indexValue(keys, plan, value));
};

/** 16 bytes of HMAC-SHA-256 over the normalised value, under a key of this collection and field. */
export const indexValue = (keys: HashKeys, plan: FieldPlan, value: string | number | bigint): Buffer => {
  const { name, lookup = "exact" } = plan.field;
  const normal = normalise(lookup, String(value));
  if (normal === undefined) throw encryptionError("value-not-normal", { details: { field: name, form: lookup } });
  return keys.hash(plan.indexInfo, normal).subarray(0, INDEX_BYTES);
};
