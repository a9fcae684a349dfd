import { randomText, sha256, textToBase64url, toBase64url } from "./base64url.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { DeviceKey } from "./device-key.ts";

/** The call that a proof is for, and for no other. */
export interface ProvenCall {
  readonly project: string;
  readonly region: string;
  /** The callable's id, such as `identity-session-end`. */
  readonly id: string;
  /** What is sent, without the proof itself. JSON values only. */
  readonly data: unknown;
  readonly secret?: string | undefined;
  /** Epoch milliseconds by the server's clock. */
  readonly now: number;
}

/**
 * Proves that this device makes this very call: a compact JWS after RFC 9449, typ `dpop+jwt`, ES256, with the function's
 * canonical address (`htu`), a random id that counts once (`jti`), and the hash of the call's canonical data (`bh`).
 */
export const proveCall = async (key: DeviceKey, call: ProvenCall): Promise<string> =>
  signed(key, {
    ...freshFor("POST", `https://${call.region}-${call.project}.cloudfunctions.net/${call.id}`, call.now),
    bh: await sha256(canonicalJson(call.data)),
    ...(call.secret !== undefined && { secret: call.secret }),
  });

/** Proves an HTTP request in its `DPoP` header, together with the ID token it carries (RFC 9449 §4.2). */
export const proveRequest = async (
  key: DeviceKey,
  { method, url, token, now }: { method: string; url: string; token: string; now: number },
): Promise<string> => signed(key, { ...freshFor(method, url, now), ath: await sha256(token) });

const freshFor = (htm: string, htu: string, now: number) => ({
  jti: randomText(16),
  htm,
  htu,
  iat: Math.floor(now / 1000),
});

const signed = async (key: DeviceKey, payload: object): Promise<string> => {
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: key.jwk };
  const text = `${textToBase64url(JSON.stringify(header))}.${textToBase64url(JSON.stringify(payload))}`;
  return `${text}.${toBase64url(await key.sign(new TextEncoder().encode(text)))}`;
};
