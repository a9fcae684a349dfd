import { createPublicKey, verify } from "node:crypto";
import { canonicalJson } from "../kernel/canonical-json.js";

/** A statement under the audit key. What is signed is the canonical JSON of `statement`, UTF-8. */
export interface SignedStatement {
  readonly statement: Readonly<Record<string, unknown>>;
  /** Ed25519 (RFC 8032), base64url. */
  readonly signature: string;
  readonly algorithm: "Ed25519";
  /** Resource name of the key version. */
  readonly keyVersion: string;
  /** PEM. A hint only: whoever verifies must have the key from elsewhere. */
  readonly publicKey: string;
}

/** Makes signatures with the audit key, which never leaves Cloud KMS. */
export interface Signer {
  sign(bytes: Uint8Array): Promise<{ signature: Uint8Array; keyVersion: string; publicKey: string }>;
}

export const signStatement = async (signer: Signer, statement: object): Promise<SignedStatement> => {
  const { signature, keyVersion, publicKey } = await signer.sign(statementBytes(statement));
  return {
    statement: { ...statement },
    signature: Buffer.from(signature).toString("base64url"),
    algorithm: "Ed25519",
    keyVersion,
    publicKey,
  };
};

/** Whether the trusted key made the signature. The key inside the statement is not looked at. */
export const verifySigned = (signed: SignedStatement, trustedPublicKeyPem: string): boolean => {
  const key = createPublicKey(trustedPublicKeyPem);
  // Statements come from outside: what the type says of them is to be seen.
  const { algorithm }: { algorithm: string } = signed;
  if (key.asymmetricKeyType !== "ed25519" || algorithm !== "Ed25519") return false;
  return verify(null, statementBytes(signed.statement), key, Buffer.from(signed.signature, "base64url"));
};

const statementBytes = (statement: object): Buffer => Buffer.from(canonicalJson(statement), "utf8");
