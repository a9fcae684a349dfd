import type { DocumentData } from "firebase-admin/firestore";
import type { DataMap } from "../../kernel/data-map/map.js";
import { encryptionError } from "../errors.js";
import { associatedData, type DocumentPlace } from "../tokens/associated-data.js";
import { pathValues, planOf, subjectOf, tokenPlan, type TokenPlan } from "../tokens/document-plan.js";
import type { FillRandom } from "../tokens/random-pool.js";
import { openToken, readHeader, sealToken } from "../tokens/token.js";
import type { SweepKeys } from "./sweep-keys.js";

export interface ResealDeps {
  readonly dataMap: () => DataMap;
  readonly fillRandom: FillRandom;
  readonly keys: SweepKeys;
}

/**
 * A document's tokens under the epoch's keys: what is inside stays as it is, byte for byte, and is not looked at.
 *
 * @returns `_e` and `_ek`, whole; undefined when nothing in it is older
 * @throws encryption/undecryptable, also for a token whose field is no longer in the data map: nothing of it may get lost
 */
export const resealDocument = async (
  deps: ResealDeps,
  { collection, path, data, epoch }: { collection: string; path: string; data: DocumentData; epoch: number },
): Promise<DocumentData | undefined> => {
  const tokens = data["_e"] as Readonly<Record<string, unknown>> | undefined;
  if (tokens === undefined || Object.keys(tokens).length === 0) return { _ek: epoch };
  const plan = planOf(deps.dataMap(), collection);
  const values = pathValues(plan, path);
  const place = { pathValues: values, subject: subjectOf(plan, values, data) };
  const resealed: Record<string, Buffer> = {};
  let lowest = Infinity;
  for (const [name, value] of Object.entries(tokens)) {
    const token = tokenIn(value, name);
    const { keyId } = readHeader(token);
    const next =
      keyId < epoch ? await resealToken(deps, { place, field: tokenPlan(plan, name), name, token, epoch }) : token;
    resealed[name] = next;
    lowest = Math.min(lowest, readHeader(next).keyId);
  }
  return { _e: resealed, _ek: lowest };
};

const resealToken = async (
  deps: ResealDeps,
  {
    place,
    field,
    name,
    token,
    epoch,
  }: { place: DocumentPlace; field: TokenPlan | undefined; name: string; token: Buffer; epoch: number },
): Promise<Buffer> => {
  if (field === undefined) throw undecryptable(name);
  const { version, keyId } = readHeader(token);
  const old = await deps.keys.old(place.subject, field.keyClass, keyId);
  const plaintext =
    version >= field.version
      ? openToken(old.xaes, version, token, associatedData(place, field, version, keyId))
      : undefined;
  if (plaintext === undefined) throw undecryptable(name);
  const key = await deps.keys.next(place.subject, field.keyClass, epoch);
  key.uses += 1;
  const bound = associatedData(place, field, field.version, key.id);
  const sealed = sealToken(deps, key, { version: field.version, plaintext, associatedData: bound });
  plaintext.fill(0);
  return sealed;
};

const tokenIn = (value: unknown, name: string): Buffer => {
  if (!(value instanceof Uint8Array)) throw undecryptable(name);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
};

const undecryptable = (field: string) => encryptionError("undecryptable", { details: { field } });
