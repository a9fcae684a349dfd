import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as CanonicalJson from "../../functions/src/kernel/canonical-json.ts";
import type { Call } from "../../functions/src/platform/gate.ts";
import type * as DeviceProof from "../../functions/src/platform/device-proof.ts";
import type * as Secret from "../../functions/src/platform/rotating-secret.ts";

const require = createRequire(join(import.meta.dirname, "../../functions/lib/index.js"));
const { canonicalJson } = require("./kernel/canonical-json.js") as typeof CanonicalJson;
const { thumbprint } = require("./platform/device-proof.js") as typeof DeviceProof;
const { hashSecret } = require("./platform/rotating-secret.js") as typeof Secret;

export const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
export const ADDRESS = "203.0.113.7";
const REGION = "europe-west1";

export type Device = ReturnType<typeof newDevice>;

/** A device key, and the calls that it makes for a project. */
export const newDevice = (project: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const secret = randomBytes(32).toString("base64url");
  const key = { kty: "EC", crv: "P-256", x, y } as const;
  const prove = (id: string, data: object): string => {
    const bh = createHash("sha256").update(canonicalJson(data)).digest("base64url");
    const htu = `https://${REGION}-${project}.cloudfunctions.net/${id}`;
    const jti = randomBytes(16).toString("base64url");
    const header = encode({ typ: "dpop+jwt", alg: "ES256", jwk: key });
    const payload = encode({ jti, htm: "POST", htu, iat: Math.floor(Date.now() / 1_000), bh, secret });
    const signature = sign("sha256", Buffer.from(`${header}.${payload}`), {
      key: privateKey,
      dsaEncoding: "ieee-p1363",
    });
    return `${header}.${payload}.${signature.toString("base64url")}`;
  };
  /** As the SDK hands a verified call to its handler. `who`: absent for a call that nobody is signed in for. */
  const request = (id: string, input: object, who?: { uid: string; sid: string }): Call["request"] =>
    ({
      data: { ...input, _proof: prove(id, input) },
      ...(who !== undefined && { auth: { uid: who.uid, token: claimsOf(who.sid) } }),
      rawRequest: { headers: { "user-agent": AGENT }, ip: ADDRESS, socket: { remoteAddress: ADDRESS } },
    }) as unknown as Call["request"];
  const secretHash = hashSecret(secret);
  return { jkt: thumbprint({ x, y }), secretHash, binding: { key, secretHash }, request };
};

const claimsOf = (sid: string): object => ({
  sid,
  auth_time: Math.floor(Date.now() / 1_000),
  email_verified: true,
  firebase: { sign_in_provider: "password" },
});

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
