import { timingSafeEqual } from "node:crypto";
import { encodeTuple } from "../kernel/bytes.js";
import type { EpochMs } from "../kernel/time.js";

/** HMAC under a key that has this one use (encryption.keyedHash). */
export type KeyedHash = (label: string, value: Uint8Array) => Promise<Uint8Array>;

/** What a link is good for: one object, until then. The account is in neither the link nor, so, in any log of it. */
export interface ExportLink {
  readonly request: string;
  readonly object: string;
  readonly expires: EpochMs;
}

const LABEL = "privacy/export-link/v1";

/** Query string of a download link. */
export const signLink = async (keyedHash: KeyedHash, link: ExportLink): Promise<string> => {
  const signature = await signatureOf(keyedHash, link);
  return new URLSearchParams({ request: link.request, expires: String(link.expires), signature }).toString();
};

/** Compares the texts, not what they decode to: base64url has spare bits, and only one spelling of a link is good. */
export const isSigned = async (keyedHash: KeyedHash, link: ExportLink, signature: string): Promise<boolean> => {
  const expected = Buffer.from(await signatureOf(keyedHash, link));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

const signatureOf = async (keyedHash: KeyedHash, link: ExportLink): Promise<string> =>
  Buffer.from(await keyedHash(LABEL, bytesOf(link))).toString("base64url");

const bytesOf = ({ request, object, expires }: ExportLink): Buffer => encodeTuple([request, object, String(expires)]);
