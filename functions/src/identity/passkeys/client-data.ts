import { refuse } from "./refusal.js";
import type { RelyingParty } from "./relying-party.js";

/** WebAuthn L3 §5.8.1: what the browser says of the ceremony, and the authenticator signs. */
export interface ExpectedClientData {
  readonly type: "webauthn.create" | "webauthn.get";
  /** The challenge as it was sent, base64url. */
  readonly challenge: string;
}

/**
 * Holds `clientDataJSON` against what was asked. Members that are not ours to judge (new ones, token binding) are let be; one
 * that is there twice is not, since whoever signs and whoever checks might each read another of the two.
 */
export const checkClientData = (json: Uint8Array, expected: ExpectedClientData, rp: RelyingParty): void => {
  const data = parse(json);
  if (data["type"] !== expected.type) throw refuse("type");
  if (data["challenge"] !== expected.challenge) throw refuse("challenge");
  if (typeof data["origin"] !== "string" || !rp.origins.includes(data["origin"])) throw refuse("origin");
  checkFrame(data, rp);
};

// In a frame of another site only where that site is known: a browser that does not name it is not believed.
const checkFrame = ({ crossOrigin, topOrigin }: Readonly<Record<string, unknown>>, rp: RelyingParty): void => {
  if (crossOrigin === undefined || crossOrigin === false) {
    if (topOrigin !== undefined) throw refuse("cross-origin");
    return;
  }
  if (crossOrigin !== true || typeof topOrigin !== "string" || !rp.topOrigins.includes(topOrigin))
    throw refuse("cross-origin");
};

const parse = (json: Uint8Array): Readonly<Record<string, unknown>> => {
  const text = decode(json);
  const data: unknown = parseJson(text);
  if (typeof data !== "object" || data === null || Array.isArray(data) || hasTwins(text)) throw refuse("client-data");
  return { ...data };
};

// `ignoreBOM` keeps a byte-order mark in the text, where JSON has no place for it.
const decode = (json: Uint8Array): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
  } catch (error) {
    throw refuse("client-data", error);
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse("client-data", error);
  }
};

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}:]/g;

/** Whether an object somewhere in this well-formed JSON has a member twice, however the name is spelled. */
const hasTwins = (json: string): boolean => {
  const open: Set<unknown>[] = [];
  let last: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token === ":") {
      const name: unknown = JSON.parse(last ?? '""');
      if (open.at(-1)?.has(name)) return true;
      open.at(-1)?.add(name);
    } else last = token;
  }
  return false;
};
