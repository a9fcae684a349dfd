import { randomBytes } from "node:crypto";
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  NodeCachingMaterialsManager,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from "@aws-crypto/client-node";
import type { Peer } from "./peer.ts";

/** The AWS Encryption SDK with its cache of data keys, a committing suite without signatures, and no KMS in the way. */
export const awsPeer = (): Peer => {
  const { seal, open } = awsSdk();
  return {
    name: "@aws-crypto/client-node, cached",
    bindsPlace: true,
    commits: true,
    seal: (text, place) => seal(Buffer.from(text), place.text),
    open: async (sealed) => (await open(sealed as Uint8Array)).toString("utf8"),
  };
};

export const awsSdk = () => {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const backingMaterials = new RawAesKeyringNode({
    keyName: "bench",
    keyNamespace: "firekeep",
    unencryptedMasterKey: randomBytes(32),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const materials = new NodeCachingMaterialsManager({
    backingMaterials,
    cache: getLocalCryptographicMaterialsCache(5_000),
    maxAge: 300_000,
    maxMessagesEncrypted: 2 ** 20,
  });
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  return {
    seal: async (plaintext: Uint8Array, place: string): Promise<Buffer> =>
      (await encrypt(materials, plaintext, { suiteId, encryptionContext: { place } })).result,
    open: async (sealed: Uint8Array): Promise<Buffer> => (await decrypt(materials, sealed)).plaintext,
  };
};
