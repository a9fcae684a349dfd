import type { DocumentData } from "firebase-admin/firestore";
import type { DataMap } from "../../kernel/data-map/map.js";
import { associatedData, type DocumentPlace } from "./associated-data.js";
import { indexValue } from "../indexes/blind-index.js";
import type { DataKey } from "../keys/data-key.js";
import type { DataKeys, Keys, KeyUse } from "../keys/data-keys.js";
import type { KeyClass } from "../keys/key-class.js";
import type { TokenPlan } from "./document-plan.js";
import { encryptionError } from "../errors.js";
import type { IndexKeys } from "../indexes/index-keys.js";
import type { IndexRoot } from "../indexes/index-root.js";
import type { NativeTypes } from "./native-types.js";
import { prepareDocument, type PreparedDocument, type SealRequest } from "./prepare-document.js";
import type { FillRandom } from "./random-pool.js";
import { sealToken } from "./token.js";

export type { SealRequest, Values } from "./prepare-document.js";

export interface SealDeps {
  readonly dataMap: () => DataMap;
  readonly dataKeys: DataKeys;
  readonly indexRoot: IndexRoot;
  readonly natives: NativeTypes;
  readonly fillRandom: FillRandom;
}

export const sealDocument = async (deps: SealDeps, request: SealRequest): Promise<DocumentData> => {
  const document = prepareDocument(deps, request);
  return (
    trySeal(deps, { keys: deps.dataKeys.cached, root: deps.indexRoot.held() }, document) ?? sealCold(deps, document)
  );
};

/** @throws encryption/keys-cold when the keys are not warm */
export const sealWithKeys = (deps: SealDeps, keys: Keys, request: SealRequest): DocumentData => {
  const sealed = trySeal(deps, { keys, root: deps.indexRoot.held() }, prepareDocument(deps, request));
  if (sealed === undefined) throw encryptionError("keys-cold");
  return sealed;
};

const sealCold = async (deps: SealDeps, document: PreparedDocument): Promise<DocumentData> => {
  const { secrets, lookups, place } = document;
  const classes = new Set(secrets.map(({ plan }) => plan.keyClass));
  const uses = [...classes].map((keyClass): KeyUse => ({ subject: place.subject, class: keyClass }));
  const keys = await deps.dataKeys.warm(uses, { create: true });
  const root = lookups.length > 0 ? await deps.indexRoot.warm() : undefined;
  return trySeal(deps, { keys, root }, document) ?? sealCold(deps, document);
};

/** Undefined when a key is missing. */
const trySeal = (
  deps: SealDeps,
  { keys, root }: { keys: Keys; root: IndexKeys | undefined },
  { place, plain, secrets, lookups }: PreparedDocument,
): DocumentData | undefined => {
  if (secrets.length === 0) return plain;
  if (lookups.length > 0 && root === undefined) return undefined;
  const tokens: Record<string, Buffer> = {};
  let held: { class: KeyClass; key: DataKey } | undefined;
  let lowest = Infinity;
  for (const { name, plan, plaintext } of secrets) {
    const key = held?.class === plan.keyClass ? held.key : keys.find(place.subject, plan.keyClass, undefined);
    if (key === undefined) return undefined;
    held = { class: plan.keyClass, key };
    tokens[name] = makeToken(deps, { place, plan, key, plaintext });
    if (key.id < lowest) lowest = key.id;
  }
  const sealed = plain;
  sealed["_e"] = tokens;
  sealed["_ek"] = lowest;
  if (root === undefined || lookups.length === 0) return sealed;
  const indexes: Record<string, Buffer> = {};
  for (const { field, value } of lookups) indexes[field.field.name] = indexValue(root, field, value);
  sealed["_b"] = indexes;
  sealed["_bk"] = root.version;
  return sealed;
};

const makeToken = (
  deps: SealDeps,
  { place, plan, key, plaintext }: { place: DocumentPlace; plan: TokenPlan; key: DataKey; plaintext: Buffer | string },
): Buffer => {
  const { version } = plan;
  key.uses += 1;
  return sealToken(deps, key, { version, plaintext, associatedData: associatedData(place, plan, version, key.id) });
};
