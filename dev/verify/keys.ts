import { createPublicKey, type KeyObject } from "node:crypto";

/** The Ed25519 key in a PEM. Throws a sentence for people when it is none. */
export const readKey = (pem: string): KeyObject => {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new Error("The key is not a public key in PEM.");
  }
  if (key.asymmetricKeyType !== "ed25519") throw new Error("The key is not an Ed25519 key.");
  return key;
};
