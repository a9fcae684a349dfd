import { encodeTuple } from "../../kernel/bytes.js";
import type { Kms, KmsKey } from "../../platform/kms-port.js";
import { locationOf, tierOf, type KeyClass, type KeyTier } from "./key-class.js";

/** Which data key: bound into its wrapping, so that a wrapped key moved to another subject, class or version stays closed. */
export interface KeyPlace {
  readonly subject: string;
  readonly keyClass: KeyClass;
  readonly version: number;
}

/** A data key as KMS gave it back. */
export interface Wrapping {
  readonly wrapped: Uint8Array;
  /** Number of the KMS key version that wrapped it. */
  readonly kek: number;
}

/** The KMS key of a class. */
export const kmsKeyOf = (keyClass: KeyClass): KmsKey => {
  const location = locationOf(keyClass);
  return { ...KEY_OF[tierOf(keyClass)], ...(location !== undefined && { location }) };
};

const KEY_OF: Readonly<Record<KeyTier, KmsKey>> = {
  RED: { ring: "red", key: "fields" },
  AMBER: { ring: "amber", key: "fields" },
  VAULT: { ring: "vault", key: "fields" },
};

/** @throws the errors of `kmsError` */
export const wrapDataKey = async (kms: Kms, place: KeyPlace, plaintext: Uint8Array): Promise<Wrapping> => {
  const request = { ...kmsKeyOf(place.keyClass), plaintext, associatedData: placeBytes(place) };
  const { ciphertext, version } = await kms.encrypt(request);
  return { wrapped: ciphertext, kek: version };
};

/** @throws the errors of `kmsError` */
export const unwrapDataKey = (kms: Kms, place: KeyPlace, wrapped: Uint8Array): Promise<Uint8Array> =>
  kms.decrypt({ ...kmsKeyOf(place.keyClass), ciphertext: wrapped, associatedData: placeBytes(place) });

/** The same data key under the KMS key's primary version. The bytes in between are wiped. @throws the errors of `kmsError` */
export const rewrapDataKey = async (kms: Kms, place: KeyPlace, wrapped: Uint8Array): Promise<Wrapping> => {
  const bytes = await unwrapDataKey(kms, place, wrapped);
  try {
    return await wrapDataKey(kms, place, bytes);
  } finally {
    bytes.fill(0);
  }
};

/** Associated data of a wrapping: tuple of `"dek"`, subject, class, version in decimal. */
export const placeBytes = ({ subject, keyClass, version }: KeyPlace): Uint8Array =>
  encodeTuple(["dek", subject, keyClass, String(version)]);
