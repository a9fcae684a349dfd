import type { DocumentData } from "firebase-admin/firestore";
import type { DataMap } from "../../kernel/data-map/map.js";
import { associatedData, type DocumentPlace } from "./associated-data.js";
import { indexValue } from "../indexes/blind-index.js";
import { checkField } from "./check-field.js";
import type { DataKey } from "../keys/data-key.js";
import type { KeyClass } from "../keys/data-key-store.js";
import type { DataKeys, Keys, KeyUse } from "../keys/data-keys.js";
import { pathValues, planOf, type DocumentPlan, type FieldPlan } from "./document-plan.js";
import { encodeValue, Unencodable } from "./encode-value.js";
import { encryptionError } from "../errors.js";
import type { HashKeys } from "../indexes/hash-keys.js";
import type { IndexRoot } from "../indexes/index-root.js";
import type { NativeTypes } from "./native-types.js";
import type { FillRandom } from "./random-pool.js";
import { sealToken } from "./token.js";

/** A document's values by field. */
export type Values = Record<string, unknown>;

export interface SealRequest {
  /** Its name in the data map. */
  readonly collection: string;
  /** Slash-separated document path, such as `profiles/u1`. */
  readonly path: string;
  /** Account id of the person the document is about. */
  readonly subject: string;
  /** Some or all of the fields. */
  readonly values: Readonly<Values>;
}

export interface SealDeps {
  readonly dataMap: () => DataMap;
  readonly dataKeys: DataKeys;
  readonly indexRoot: IndexRoot;
  readonly natives: NativeTypes;
  readonly fillRandom: FillRandom;
}

export const sealDocument = async (deps: SealDeps, request: SealRequest): Promise<DocumentData> =>
  trySeal(deps, { keys: deps.dataKeys.cached, root: deps.indexRoot.held() }, request) ?? sealCold(deps, request);

/** @throws TypeError when the keys are not warm */
export const sealWithKeys = (deps: SealDeps, keys: Keys, request: SealRequest): DocumentData => {
  const sealed = trySeal(deps, { keys, root: deps.indexRoot.held() }, request);
  if (sealed === undefined) throw new TypeError("the keys are not in memory: await warm() first");
  return sealed;
};

const sealCold = async (deps: SealDeps, request: SealRequest): Promise<DocumentData> => {
  const { needs, lookups } = inspect(deps, request);
  const uses = needs.map((keyClass): KeyUse => ({ subject: request.subject, class: keyClass }));
  const keys = await deps.dataKeys.warm(uses, { create: true });
  const root = lookups ? await deps.indexRoot.warm() : undefined;
  return trySeal(deps, { keys, root }, request) ?? sealCold(deps, request);
};

/** Undefined when a key is missing. One pass: this is the path of every warm write. */
const trySeal = (
  deps: SealDeps,
  { keys, root }: { keys: Keys; root: HashKeys | undefined },
  request: SealRequest,
): DocumentData | undefined => {
  const plan = planOf(deps.dataMap(), request.collection);
  const place = { pathValues: pathValues(plan, request.path), subject: request.subject };
  checkSubject(plan, place.pathValues, request);
  const sealed: DocumentData = {};
  const tokens: Record<string, Buffer> = {};
  let indexes: Record<string, Buffer> | undefined;
  let lowest = Infinity;
  for (const name of Object.keys(request.values)) {
    const value = request.values[name];
    if (value === undefined) continue;
    const field = checkedField(deps, plan, name, value);
    if (field.keyClass === undefined) {
      sealed[name] = value;
      continue;
    }
    const key = keys.find(request.subject, field.keyClass, undefined);
    if (key === undefined) return undefined;
    tokens[name] = sealField(deps, { place, field, key, value });
    if (key.id < lowest) lowest = key.id;
    if (field.field.lookup === undefined) continue;
    if (root === undefined) return undefined;
    indexes = { ...indexes, [name]: indexValue(root, field, value as string | number | bigint) };
  }
  if (lowest === Infinity) return sealed;
  sealed["_e"] = tokens;
  if (indexes !== undefined) sealed["_b"] = indexes;
  sealed["_ek"] = lowest;
  return sealed;
};

/** Refuses what cannot be sealed before any key is made for it, and says which classes' keys are needed. */
const inspect = (deps: SealDeps, { collection, values }: SealRequest): { needs: KeyClass[]; lookups: boolean } => {
  const plan = planOf(deps.dataMap(), collection);
  const needs = new Set<KeyClass>();
  let lookups = false;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const field = checkedField(deps, plan, name, value);
    if (field.keyClass === undefined) continue;
    encodeField(deps.natives, field, value);
    needs.add(field.keyClass);
    lookups ||= field.field.lookup !== undefined;
  }
  return { needs: [...needs], lookups };
};

const checkedField = (deps: SealDeps, plan: DocumentPlan, name: string, value: unknown): FieldPlan => {
  const field = plan.fields.get(name);
  if (field === undefined) throw encryptionError("field-unknown", { details: { field: name.slice(0, 64) } });
  checkField(deps.natives, field, value);
  return field;
};

const sealField = (
  deps: SealDeps,
  { place, field, key, value }: { place: DocumentPlace; field: FieldPlan; key: DataKey; value: unknown },
): Buffer => {
  const { version } = field;
  const plaintext = encodeField(deps.natives, field, value);
  key.uses += 1;
  return sealToken(deps, key, { version, plaintext, associatedData: associatedData(place, field, version, key.id) });
};

const encodeField = (natives: NativeTypes, { field }: FieldPlan, value: unknown): Buffer => {
  try {
    return encodeValue(natives, value);
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    throw encryptionError(error.reason, { details: { field: field.name } });
  }
};

// Reading finds the subject by the data map; a document sealed for somebody else could never be opened.
const checkSubject = (
  { collection }: DocumentPlan,
  path: readonly string[],
  { subject, values }: SealRequest,
): void => {
  const by = collection.subject;
  const owner =
    by.by === "path"
      ? path[collection.variables.indexOf(by.variable)]
      : by.by === "field"
        ? values[by.field]
        : undefined;
  if (owner !== undefined && owner !== subject) throw encryptionError("subject-wrong");
};
