import { encodeTuple } from "../../kernel/bytes.js";
import type { DataKeys, KeyUse } from "../keys/data-keys.js";
import { encryptionError } from "../errors.js";
import type { FillRandom } from "./random-pool.js";
import { HEADER_BYTES, openToken, readHeader, sealToken, writeHeader } from "./token.js";

/** What a secret is for, and whose it is. */
export interface SecretPlace {
  readonly label: string;
  /** Account id, or `system:<name>`. */
  readonly subject: string;
}

export const SECRET_VERSION = 2;

export const sealSecretToken = async (
  deps: { dataKeys: DataKeys; fillRandom: FillRandom },
  { secret, ...place }: SecretPlace & { readonly secret: Uint8Array },
): Promise<Uint8Array> => {
  const use: KeyUse = { subject: place.subject, class: "RED" };
  const key = await keyFor(deps, use, true);
  key.uses += 1;
  return sealToken(deps, key, {
    version: SECRET_VERSION,
    plaintext: secret,
    associatedData: secretPlaceBytes(place, key.id),
  });
};

export const openSecretToken = async (
  deps: { dataKeys: DataKeys },
  { token, ...place }: SecretPlace & { readonly token: Uint8Array },
): Promise<Uint8Array> => {
  const bytes = Buffer.from(token);
  const { version, keyId } = readHeader(bytes);
  if (version !== SECRET_VERSION) throw encryptionError("undecryptable");
  const key = await keyFor(deps, { subject: place.subject, class: "RED", version: keyId }, false);
  key.uses += 1;
  const secret = openToken(key.xaes, version, bytes, secretPlaceBytes(place, keyId));
  if (secret === undefined) throw encryptionError("undecryptable");
  return secret;
};

const keyFor = async ({ dataKeys }: { dataKeys: DataKeys }, use: KeyUse, create: boolean) => {
  const held = dataKeys.cached.find(use.subject, use.class, use.version);
  if (held !== undefined) return held;
  const key = (await dataKeys.warm([use], { create })).find(use.subject, use.class, use.version);
  if (key === undefined) throw encryptionError("key-missing");
  return key;
};

/** Associated data: header (5) || tuple of `"ps1"`, label, `"user:" + subject`. */
export const secretPlaceBytes = ({ label, subject }: SecretPlace, keyId: number): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, SECRET_VERSION, keyId);
  return Buffer.concat([header, encodeTuple(["ps1", label, `user:${subject}`])]);
};
