import { createHash } from "node:crypto";
import { readCbor } from "./cbor.js";
import { checkCoseKey, type Algorithm } from "./cose-key.js";
import { refuse } from "./refusal.js";
import type { RelyingParty } from "./relying-party.js";

/** WebAuthn L3 §6.1. */
export interface AuthenticatorData {
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly counter: number;
  /** The new credential: in a registration only. */
  readonly attested?: AttestedCredential;
}

export interface AttestedCredential {
  /** A UUID. */
  readonly aaguid: string;
  readonly id: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly algorithm: Algorithm;
}

/**
 * Reads the authenticator's part, whole and strictly: ours by its domain's hash, the person present, no flag that means
 * nothing yet, a credential exactly where `ceremony` has one, extension outputs only where they are announced, nothing left over.
 */
export const readAuthenticatorData = (
  bytes: Uint8Array,
  ceremony: "registration" | "assertion",
  rp: Pick<RelyingParty, "id">,
): AuthenticatorData => {
  if (bytes.length < HEAD) throw refuse("encoding");
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!view.subarray(0, 32).equals(createHash("sha256").update(rp.id).digest())) throw refuse("rp-id");
  const flags = view.readUInt8(32);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if (!has(UP)) throw refuse("presence");
  if (has(RESERVED) || has(AT) !== (ceremony === "registration") || (has(BS) && !has(BE))) throw refuse("flags");
  const attested = has(AT) ? readAttested(bytes) : undefined;
  const end = attested?.end ?? HEAD;
  if ((has(ED) ? skipExtensions(bytes, end) : end) !== bytes.length) throw refuse("encoding");
  return {
    userVerified: has(UV),
    backupEligible: has(BE),
    backedUp: has(BS),
    counter: view.readUInt32BE(33),
    ...(attested !== undefined && { attested: attested.credential }),
  };
};

const HEAD = 37;
const [UP, UV, BE, BS, AT, ED] = [0x01, 0x04, 0x08, 0x10, 0x40, 0x80];
const RESERVED = 0x22;
/** WebAuthn L3 §4, "credential ID". */
const LONGEST_ID = 1_023;

const readAttested = (bytes: Uint8Array): { credential: AttestedCredential; end: number } => {
  const idAt = HEAD + 18;
  if (bytes.length < idAt) throw refuse("encoding");
  const length = ((bytes[HEAD + 16] ?? 0) << 8) | (bytes[HEAD + 17] ?? 0);
  if (length === 0 || length > LONGEST_ID) throw refuse("credential-id");
  const keyAt = idAt + length;
  const { value, end } = readCbor(bytes, keyAt);
  const algorithm = checkCoseKey(value);
  const credential = {
    aaguid: uuid(bytes.subarray(HEAD, HEAD + 16)),
    id: bytes.subarray(idAt, keyAt),
    publicKey: bytes.subarray(keyAt, end),
    algorithm,
  };
  return { credential, end };
};

// Their form is checked, their content never trusted: nothing that Firekeep asks for is answered there.
const skipExtensions = (bytes: Uint8Array, offset: number): number => {
  const { value, end } = readCbor(bytes, offset);
  if (!(value instanceof Map) || [...value.keys()].some((key) => typeof key !== "string")) throw refuse("extensions");
  return end;
};

const uuid = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
