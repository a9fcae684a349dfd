import type { DataMap } from "../../kernel/data-map/map.js";
import { associatedData } from "./associated-data.js";
import type { DataKeys, Keys, KeyUse } from "../keys/data-keys.js";
import { decodeValue } from "./decode-value.js";
import { pathValues, planOf, subjectOf } from "./document-plan.js";
import { encryptionError } from "../errors.js";
import type { NativeTypes } from "./native-types.js";
import type { Values } from "./seal-document.js";
import { openToken, readHeader } from "./token.js";

export interface OpenRequest {
  /** Its name in the data map. */
  readonly collection: string;
  /** Slash-separated document path, such as `profiles/u1`. */
  readonly path: string;
  /** The document as it is stored. */
  readonly data: Readonly<Values>;
}

export interface OpenDeps {
  readonly dataMap: () => DataMap;
  readonly dataKeys: DataKeys;
  readonly natives: NativeTypes;
}

export const openDocument = async (deps: OpenDeps, request: OpenRequest): Promise<Values> =>
  tryOpen(deps, deps.dataKeys.cached, request) ?? openCold(deps, request);

/** @throws TypeError when the keys are not warm */
export const openWithKeys = (deps: OpenDeps, keys: Keys, request: OpenRequest): Values => {
  const values = tryOpen(deps, keys, request);
  if (values === undefined) throw new TypeError("the keys are not in memory: await warm() first");
  return values;
};

const openCold = async (deps: OpenDeps, request: OpenRequest): Promise<Values> =>
  openWithKeys(deps, await deps.dataKeys.warm(keyUses(deps, request), { create: false }), request);

/** Every field that is not Firekeep's own, tokens decrypted; undefined when a key is missing. */
const tryOpen = (deps: OpenDeps, keys: Keys, { collection, path, data }: OpenRequest): Values | undefined => {
  const plan = planOf(deps.dataMap(), collection);
  const opened: Values = {};
  for (const name of Object.keys(data)) if (name.charCodeAt(0) !== UNDERSCORE) opened[name] = data[name];
  const tokens = data["_e"];
  if (typeof tokens !== "object" || tokens === null) return opened;
  const values = pathValues(plan, path);
  const place = { pathValues: values, subject: subjectOf(plan, values, data) };
  for (const name of Object.keys(tokens)) {
    const field = plan.fields.get(name);
    if (field?.keyClass === undefined) continue;
    const token = tokenOf(tokens, name);
    const { version, keyId } = readHeader(token);
    const key = keys.find(place.subject, field.keyClass, keyId);
    if (key === undefined) return undefined;
    key.uses += 1;
    // RED takes committing tokens only.
    const readable = version >= field.version;
    const plaintext = readable && openToken(key.xaes, version, token, associatedData(place, field, version, keyId));
    if (!plaintext) throw encryptionError("undecryptable", { details: { field: name } });
    opened[name] = decodeValue(deps.natives, plaintext);
  }
  return opened;
};

const UNDERSCORE = 0x5f;

/** Which keys a stored document's tokens need, each once. */
const keyUses = (deps: OpenDeps, { collection, path, data }: OpenRequest): KeyUse[] => {
  const tokens = data["_e"];
  if (typeof tokens !== "object" || tokens === null) return [];
  const plan = planOf(deps.dataMap(), collection);
  const subject = subjectOf(plan, pathValues(plan, path), data);
  const uses: KeyUse[] = [];
  for (const name of Object.keys(tokens)) {
    const field = plan.fields.get(name);
    if (field?.keyClass === undefined) continue;
    const { keyId } = readHeader(tokenOf(tokens, name));
    if (uses.some((use) => use.class === field.keyClass && use.version === keyId)) continue;
    uses.push({ subject, class: field.keyClass, version: keyId });
  }
  return uses;
};

const tokenOf = (tokens: object, name: string): Buffer => {
  const token = (tokens as Record<string, unknown>)[name];
  if (Buffer.isBuffer(token)) return token;
  if (!(token instanceof Uint8Array)) throw encryptionError("undecryptable", { details: { field: name } });
  return Buffer.from(token.buffer, token.byteOffset, token.byteLength);
};
