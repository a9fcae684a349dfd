import type { DataMap } from "../../kernel/data-map/map.js";
import { associatedData, type DocumentPlace } from "./associated-data.js";
import type { DataKey } from "../keys/data-key.js";
import type { DataKeys, Keys, KeyUse } from "../keys/data-keys.js";
import type { KeyClass } from "../keys/key-class.js";
import { decodeValue } from "./decode-value.js";
import { pathValues, planOf, subjectOf, WHOLE, type DocumentPlan } from "./document-plan.js";
import { encryptionError } from "../errors.js";
import type { NativeTypes } from "./native-types.js";
import type { Values } from "./prepare-document.js";
import { storedTokens, type StoredToken } from "./stored-tokens.js";
import { openToken } from "./token.js";

export interface OpenRequest {
  /** Its name in the data map. */
  readonly collection: string;
  /** Slash-separated document path, such as `profiles/u1`. */
  readonly path: string;
  /** The document as it is stored. */
  readonly data: Readonly<Values>;
  /** Only these fields, L4 ones too. Absent: all but those of L4, whose tokens stay closed. */
  readonly only?: readonly string[];
}

export interface OpenDeps {
  readonly dataMap: () => DataMap;
  readonly dataKeys: DataKeys;
  readonly natives: NativeTypes;
}

export const openDocument = async (deps: OpenDeps, request: OpenRequest): Promise<Values> => {
  const document = look(deps, request);
  return tryOpen(deps, deps.dataKeys.cached, document) ?? openCold(deps, document);
};

/** @throws encryption/keys-cold when the keys are not warm */
export const openWithKeys = (deps: OpenDeps, keys: Keys, request: OpenRequest): Values =>
  tryOpen(deps, keys, look(deps, request)) ?? cold();

const cold = (): never => {
  throw encryptionError("keys-cold");
};

const openCold = async (deps: OpenDeps, document: StoredDocument): Promise<Values> => {
  const keys = await deps.dataKeys.warm(keyUses(document), { create: false });
  return tryOpen(deps, keys, document) ?? cold();
};

/** A stored document as far as it can be read without keys. */
interface StoredDocument {
  readonly plan: DocumentPlan;
  readonly place: DocumentPlace;
  readonly tokens: readonly StoredToken[];
  readonly request: OpenRequest;
}

const NOWHERE: DocumentPlace = { pathValues: [], subject: "" };

const look = (deps: OpenDeps, request: OpenRequest): StoredDocument => {
  const plan = planOf(deps.dataMap(), request.collection);
  const tokens = storedTokens(plan, request.data, request.only);
  // Without tokens nothing depends on where it is and whose.
  if (tokens.length === 0) return { plan, place: NOWHERE, tokens, request };
  const values = pathValues(plan, request.path);
  return { plan, place: { pathValues: values, subject: subjectOf(plan, values, request.data) }, tokens, request };
};

/** Every field that is not Firekeep's own, tokens decrypted; undefined when a key is missing. */
const tryOpen = (deps: OpenDeps, keys: Keys, { plan, place, tokens, request }: StoredDocument): Values | undefined => {
  const { data, only } = request;
  const opened: Values = {};
  for (const name of Object.keys(data)) {
    if (name.charCodeAt(0) !== UNDERSCORE && (only === undefined || only.includes(name))) opened[name] = data[name];
  }
  let held: { class: KeyClass; key: DataKey } | undefined;
  for (const stored of tokens) {
    const { keyClass } = stored.plan;
    const isHeld = held?.class === keyClass && held.key.id === stored.keyId;
    const key = isHeld ? held?.key : keys.find(place.subject, keyClass, stored.keyId);
    if (key === undefined) return undefined;
    held = { class: keyClass, key };
    const value = openValue(deps.natives, { place, stored, key });
    if (stored.name === WHOLE) unpack(plan, value, { opened, only });
    else opened[stored.name] = value;
  }
  return opened;
};

const UNDERSCORE = 0x5f;

const openValue = (
  natives: NativeTypes,
  { place, stored, key }: { place: DocumentPlace; stored: StoredToken; key: DataKey },
): unknown => {
  const { name, plan, token, version, keyId } = stored;
  key.uses += 1;
  // RED takes committing tokens only.
  const readable = version >= plan.version;
  const plaintext = readable && openToken(key.xaes, version, token, associatedData(place, plan, version, keyId));
  if (!plaintext) throw encryptionError("undecryptable", { details: { field: name } });
  return decodeValue(natives, plaintext);
};

/** What one token held, field by field; what the data map no longer knows is left out. */
const unpack = (
  { fields }: DocumentPlan,
  value: unknown,
  { opened, only }: { opened: Values; only: readonly string[] | undefined },
): void => {
  for (const [name, item] of Object.entries(value as Values)) {
    if (fields.get(name)?.keyClass !== undefined && (only === undefined || only.includes(name))) opened[name] = item;
  }
};

/** Which keys a document's tokens need, each once. */
const keyUses = ({ place, tokens }: StoredDocument): KeyUse[] => {
  const uses: KeyUse[] = [];
  for (const { plan, keyId } of tokens) {
    if (uses.some((use) => use.class === plan.keyClass && use.version === keyId)) continue;
    uses.push({ subject: place.subject, class: plan.keyClass, version: keyId });
  }
  return uses;
};
