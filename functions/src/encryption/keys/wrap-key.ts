import { encodeTuple } from "../../kernel/bytes.js";
import type { Kms, KmsKey } from "../../platform/kms-port.js";
import type { KeyClass } from "./data-key-store.js";

/** Which data key: bound into its wrapping, so that a wrapped key moved to another subject, class or version stays closed. */
export interface KeyPlace {
  readonly subject: string;
  readonly keyClass: KeyClass;
  readonly version: number;
}

const KEY_OF: Readonly<Record<KeyClass, KmsKey>> = {
  RED: { ring: "red", key: "fields" },
  AMBER: { ring: "amber", key: "fields" },
};

export const wrapDataKey = (kms: Kms, place: KeyPlace, plaintext: Uint8Array): Promise<Uint8Array> =>
  kms.encrypt({ ...KEY_OF[place.keyClass], plaintext, associatedData: placeBytes(place) });

export const unwrapDataKey = (kms: Kms, place: KeyPlace, wrapped: Uint8Array): Promise<Uint8Array> =>
  kms.decrypt({ ...KEY_OF[place.keyClass], ciphertext: wrapped, associatedData: placeBytes(place) });

const placeBytes = ({ subject, keyClass, version }: KeyPlace): Uint8Array =>
  encodeTuple(["dek", subject, keyClass, String(version)]);
