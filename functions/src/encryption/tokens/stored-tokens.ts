import { encryptionError } from "../errors.js";
import { tokenPlan, WHOLE, type DocumentPlan, type TokenPlan } from "./document-plan.js";
import { readHeader, type TokenVersion } from "./token.js";

/** A token of a stored document: its header is read, nothing of it is proven. */
export interface StoredToken {
  readonly name: string;
  readonly plan: TokenPlan;
  readonly token: Buffer;
  readonly version: TokenVersion;
  readonly keyId: number;
}

/**
 * The tokens under `_e` to be opened: of the fields that are named; otherwise of all but those under the hardware key (L4).
 * What the data map no longer knows is left out.
 *
 * @throws encryption/undecryptable also for a field's token where the map says one token a document, and the other way round
 */
export const storedTokens = (
  plan: DocumentPlan,
  data: Readonly<Record<string, unknown>>,
  only: readonly string[] | undefined,
): StoredToken[] => {
  const found: StoredToken[] = [];
  const tokens = data["_e"];
  if (typeof tokens !== "object" || tokens === null) return found;
  for (const name of Object.keys(tokens)) {
    const made = tokenPlan(plan, name);
    if (made === undefined && (name === WHOLE || plan.fields.get(name)?.keyClass !== undefined))
      throw undecryptable(name);
    if (made === undefined || !isWanted(plan, name, only)) continue;
    const token = tokenOf(tokens, name);
    const { version, keyId } = readHeader(token);
    found.push({ name, plan: made, token, version, keyId });
  }
  return found;
};

const isWanted = ({ fields }: DocumentPlan, name: string, only: readonly string[] | undefined): boolean =>
  only === undefined ? fields.get(name)?.field.hardware !== true : name === WHOLE || only.includes(name);

const tokenOf = (tokens: object, name: string): Buffer => {
  const token = (tokens as Record<string, unknown>)[name];
  if (Buffer.isBuffer(token)) return token;
  if (!(token instanceof Uint8Array)) throw undecryptable(name);
  return Buffer.from(token.buffer, token.byteOffset, token.byteLength);
};

const undecryptable = (field: string) => encryptionError("undecryptable", { details: { field } });
