import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { config } from "../config.js";
import { canonicalJson } from "../kernel/canonical-json.js";
import { thumbprint } from "./device-proof.js";
import { hashSecret } from "./rotating-secret.js";

/** The call a device proves; `claims` and `header` change what the proof says. */
export interface ProvenCall {
  readonly project: string;
  readonly functionId: string;
  readonly data: unknown;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The session secret. Without it the device's own goes along; `null` sends none. */
  readonly secret?: string | null;
  readonly claims?: object;
  readonly header?: object;
}

export type TestDevice = ReturnType<typeof newDevice>;

/** A device as the client makes it: a P-256 key and a session secret. */
export const newDevice = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const jwk = { kty: "EC", crv: "P-256", x, y } as const;
  const secret = randomBytes(32).toString("base64url");
  return {
    privateKey,
    jwk,
    jkt: thumbprint({ x, y }),
    secret,
    secretHash: hashSecret(secret),
    prove: ({
      project,
      functionId,
      data,
      at,
      secret: shown = secret,
      claims = {},
      header = {},
    }: ProvenCall): string => {
      const payload = {
        jti: randomBytes(16).toString("base64url"),
        htm: "POST",
        htu: `https://${config.functions.region}-${project}.cloudfunctions.net/${functionId}`,
        iat: Math.floor(at / 1000),
        bh: createHash("sha256").update(canonicalJson(data)).digest("base64url"),
        ...(shown !== null && { secret: shown }),
        ...claims,
      };
      return jws(privateKey, { typ: "dpop+jwt", alg: "ES256", jwk, ...header }, payload);
    },
  };
};

/** RFC 7515 compact serialisation under an elliptic-curve key. */
export const jws = (key: KeyObject, header: unknown, payload: unknown): string =>
  signText(key, encodeText(JSON.stringify(header)), encodeText(JSON.stringify(payload)));

export const signText = (key: KeyObject, header: string, payload: string): string => {
  const signed = `${header}.${payload}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
};

export const encodeText = (text: string): string => Buffer.from(text, "utf8").toString("base64url");
