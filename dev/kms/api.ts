import type { google } from "@google-cloud/kms/build/protos/protos.js";
import type { KeyStore } from "./store.ts";
import type { Clock } from "./time.ts";

/** Request and response of every RPC that is served, in the types of the official client. */
export interface Calls {
  CreateKeyRing: [google.cloud.kms.v1.ICreateKeyRingRequest, google.cloud.kms.v1.IKeyRing];
  GetKeyRing: [google.cloud.kms.v1.IGetKeyRingRequest, google.cloud.kms.v1.IKeyRing];
  ListKeyRings: [google.cloud.kms.v1.IListKeyRingsRequest, google.cloud.kms.v1.IListKeyRingsResponse];
  CreateCryptoKey: [google.cloud.kms.v1.ICreateCryptoKeyRequest, google.cloud.kms.v1.ICryptoKey];
  GetCryptoKey: [google.cloud.kms.v1.IGetCryptoKeyRequest, google.cloud.kms.v1.ICryptoKey];
  ListCryptoKeys: [google.cloud.kms.v1.IListCryptoKeysRequest, google.cloud.kms.v1.IListCryptoKeysResponse];
  UpdateCryptoKey: [google.cloud.kms.v1.IUpdateCryptoKeyRequest, google.cloud.kms.v1.ICryptoKey];
  UpdateCryptoKeyPrimaryVersion: [
    google.cloud.kms.v1.IUpdateCryptoKeyPrimaryVersionRequest,
    google.cloud.kms.v1.ICryptoKey,
  ];
  CreateCryptoKeyVersion: [google.cloud.kms.v1.ICreateCryptoKeyVersionRequest, google.cloud.kms.v1.ICryptoKeyVersion];
  GetCryptoKeyVersion: [google.cloud.kms.v1.IGetCryptoKeyVersionRequest, google.cloud.kms.v1.ICryptoKeyVersion];
  ListCryptoKeyVersions: [
    google.cloud.kms.v1.IListCryptoKeyVersionsRequest,
    google.cloud.kms.v1.IListCryptoKeyVersionsResponse,
  ];
  UpdateCryptoKeyVersion: [google.cloud.kms.v1.IUpdateCryptoKeyVersionRequest, google.cloud.kms.v1.ICryptoKeyVersion];
  DestroyCryptoKeyVersion: [google.cloud.kms.v1.IDestroyCryptoKeyVersionRequest, google.cloud.kms.v1.ICryptoKeyVersion];
  RestoreCryptoKeyVersion: [google.cloud.kms.v1.IRestoreCryptoKeyVersionRequest, google.cloud.kms.v1.ICryptoKeyVersion];
  Encrypt: [google.cloud.kms.v1.IEncryptRequest, google.cloud.kms.v1.IEncryptResponse];
  Decrypt: [google.cloud.kms.v1.IDecryptRequest, google.cloud.kms.v1.IDecryptResponse];
  MacSign: [google.cloud.kms.v1.IMacSignRequest, google.cloud.kms.v1.IMacSignResponse];
  MacVerify: [google.cloud.kms.v1.IMacVerifyRequest, google.cloud.kms.v1.IMacVerifyResponse];
  AsymmetricSign: [google.cloud.kms.v1.IAsymmetricSignRequest, google.cloud.kms.v1.IAsymmetricSignResponse];
  GetPublicKey: [google.cloud.kms.v1.IGetPublicKeyRequest, google.cloud.kms.v1.IPublicKey];
  GenerateRandomBytes: [
    google.cloud.kms.v1.IGenerateRandomBytesRequest,
    google.cloud.kms.v1.IGenerateRandomBytesResponse,
  ];
}

export type Method = keyof Calls;

/** What every call works on. */
export interface Kms {
  readonly store: KeyStore;
  readonly now: Clock;
}

/** One RPC. @throws errors of errors.ts */
export type Handle<M extends Method> = (kms: Kms, request: Calls[M][0]) => Calls[M][1];
