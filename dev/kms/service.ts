import type { Calls, Handle, Kms, Method } from "./api.ts";
import type { KmsControl } from "./control.ts";
import {
  createCryptoKey,
  getCryptoKey,
  listCryptoKeys,
  updateCryptoKey,
  updateCryptoKeyPrimaryVersion,
} from "./crypto-keys.ts";
import { isPublicError } from "./errors.ts";
import { decrypt, encrypt } from "./encrypt.ts";
import { createKeyRing, getKeyRing, listKeyRings } from "./key-rings.ts";
import {
  createCryptoKeyVersion,
  destroyCryptoKeyVersion,
  getCryptoKeyVersion,
  listCryptoKeyVersions,
  restoreCryptoKeyVersion,
  updateCryptoKeyVersion,
} from "./key-versions.ts";
import { macSign, macVerify } from "./mac.ts";
import { keyNameOf } from "./names.ts";
import { generateRandomBytes } from "./random-bytes.ts";
import { settle } from "./settle.ts";
import { asymmetricSign, getPublicKey } from "./sign.ts";

/** The API's table of contents. */
const HANDLERS: { readonly [M in Method]: Handle<M> } = {
  CreateKeyRing: createKeyRing,
  GetKeyRing: getKeyRing,
  ListKeyRings: listKeyRings,
  CreateCryptoKey: createCryptoKey,
  GetCryptoKey: getCryptoKey,
  ListCryptoKeys: listCryptoKeys,
  UpdateCryptoKey: updateCryptoKey,
  UpdateCryptoKeyPrimaryVersion: updateCryptoKeyPrimaryVersion,
  CreateCryptoKeyVersion: createCryptoKeyVersion,
  GetCryptoKeyVersion: getCryptoKeyVersion,
  ListCryptoKeyVersions: listCryptoKeyVersions,
  UpdateCryptoKeyVersion: updateCryptoKeyVersion,
  DestroyCryptoKeyVersion: destroyCryptoKeyVersion,
  RestoreCryptoKeyVersion: restoreCryptoKeyVersion,
  Encrypt: encrypt,
  Decrypt: decrypt,
  MacSign: macSign,
  MacVerify: macVerify,
  AsymmetricSign: asymmetricSign,
  GetPublicKey: getPublicKey,
  GenerateRandomBytes: generateRandomBytes,
};

export const METHODS = Object.keys(HANDLERS) as readonly Method[];

/** Answers one call, whatever it came over. */
export type Serve = <M extends Method>(method: M, request: Calls[M][0]) => Promise<Calls[M][1]>;

export interface ServeDeps {
  readonly kms: Kms;
  readonly control: KmsControl;
  /** Told of errors that are this server's own fault; the caller learns only INTERNAL. */
  readonly onError: (error: unknown) => void;
}

/** A call is counted, delayed, perhaps refused, then handled at the clock's time, then perhaps corrupted. */
export const serveCalls =
  ({ kms, control, onError }: ServeDeps): Serve =>
  async (method, request) => {
    try {
      const afterwards = await control.admit(method, keyOf(request));
      settle(kms);
      const handle: Handle<typeof method> = HANDLERS[method];
      return afterwards(handle(kms, request));
    } catch (error) {
      if (!isPublicError(error)) onError(error);
      throw error;
    }
  };

/** The key that a request is about, wherever its name stands. */
const keyOf = (request: object): string | undefined => {
  const { name, parent, cryptoKey, cryptoKeyVersion } = request as Record<string, unknown>;
  const resource = (cryptoKeyVersion ?? cryptoKey) as { name?: unknown } | undefined;
  const candidate = name ?? parent ?? resource?.name;
  return typeof candidate === "string" ? keyNameOf(candidate) : undefined;
};
