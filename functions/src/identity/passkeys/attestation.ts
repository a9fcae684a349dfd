import { config, type AttestationFormat, type PasskeyPolicy } from "../../config.js";
import { webauthnSdk } from "../../platform/sdk.js";
import { readWhole, type Cbor } from "./cbor.js";
import { checkSignatureForm } from "./signature.js";
import type { Algorithm } from "./cose-key.js";
import { refuse } from "./refusal.js";

/** An attestation object's three parts (WebAuthn L3 §6.5). */
export interface AttestationObject {
  readonly format: string;
  readonly statement: ReadonlyMap<number | string, Cbor>;
  readonly authenticatorData: Uint8Array;
}

/** Reads the three members and no other, of a format that is registered. `none` has nothing to state (WebAuthn L3 §8.7). */
export const readAttestationObject = (bytes: Uint8Array): AttestationObject => {
  const object = readWhole(bytes);
  if (!(object instanceof Map) || object.size !== 3) throw refuse("attestation");
  const [format, statement, authenticatorData] = ["fmt", "attStmt", "authData"].map((name) => object.get(name) as Cbor);
  if (typeof format !== "string" || !(statement instanceof Map) || !(authenticatorData instanceof Uint8Array))
    throw refuse("attestation");
  const known = format === "none" ? statement.size === 0 : FORMATS.some((each) => each === format);
  if (!known) throw refuse("attestation");
  return { format, statement: statement as AttestationObject["statement"], authenticatorData };
};

/** Signed with the new key itself: it proves that the key is held, and nothing of its maker. */
export const isSelfAttested = ({ format, statement }: AttestationObject): boolean =>
  format === "packed" && !statement.has("x5c");

/** Holds a self attestation to its two members, the key's own algorithm and a well-formed signature. */
export const checkSelfAttestation = ({ statement }: AttestationObject, algorithm: Algorithm): void => {
  const signature = statement.get("sig");
  if (statement.size !== 2 || statement.get("alg") !== algorithm || !(signature instanceof Uint8Array))
    throw refuse("attestation");
  checkSignatureForm(algorithm, signature);
};

/**
 * The same credential without its maker's statement, for policies that do not believe one: a statement that nobody looks at
 * is no reason to refuse the key, and what is not parsed cannot be attacked.
 */
export const withoutStatement = ({ authenticatorData }: AttestationObject): Uint8Array => {
  const length = Buffer.alloc(3);
  length.writeUInt8(0x59);
  length.writeUInt16BE(authenticatorData.length, 1);
  return Buffer.concat([PREFIX, length, authenticatorData]);
};

// {"fmt": "none", "attStmt": {}, "authData": …
const PREFIX = Buffer.from("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData", "latin1");

/** Whether a statement of this format, once verified, leads to a root that is known. Self attestation leads nowhere. */
export const isAnchored = (object: AttestationObject): boolean => {
  const format = FORMATS.find((each) => each === object.format);
  return format !== undefined && !isSelfAttested(object) && rootsOf(format).length > 0;
};

/** Whether the policy looks at statements of this format. */
export const asksFor = (policy: PasskeyPolicy, format: string): boolean =>
  policy.attestation !== "none" && (policy.formats ?? FORMATS).some((each) => each === format);

// The library keeps roots for the whole process, so they are the same for every policy.
const rootsOf = (format: AttestationFormat): readonly string[] => {
  const { SettingsService } = webauthnSdk();
  const certificates = config.passkeys.attestationRoots[format];
  if (certificates !== undefined)
    SettingsService.setRootCertificates({ identifier: format, certificates: [...certificates] });
  return SettingsService.getRootCertificates({ identifier: format });
};

const FORMATS: readonly AttestationFormat[] = [
  "packed",
  "tpm",
  "android-key",
  "android-safetynet",
  "apple",
  "fido-u2f",
];
