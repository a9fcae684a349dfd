import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Totp from "../../functions/src/identity/factors/totp.ts";
import type { RelyingParty } from "../../functions/src/identity/passkeys/relying-party.ts";
import type * as Assertion from "../../functions/src/identity/passkeys/verify-assertion.ts";
import { lessIsBetter, type Metric } from "../harness/report.ts";
import { newPasskey } from "./passkey.ts";
import { latencies } from "./latency.ts";

const require = createRequire(join(import.meta.dirname, "../../functions/lib/index.js"));
const { matchStep } = require("./identity/factors/totp.js") as typeof Totp;
const { readAssertion, verifyAssertion } = require("./identity/passkeys/verify-assertion.js") as typeof Assertion;
const webauthn = require("@simplewebauthn/server") as {
  verifyAuthenticationResponse: (options: object) => Promise<unknown>;
};
const otplib = require("otplib") as typeof import("otplib");

const SAMPLES = 2_000;
const RP: RelyingParty = { id: "example.org", name: "Bench", origins: ["https://example.org"], topOrigins: [] };

/** One passkey assertion through the strict wrapper and through the library alone; one code through ours and otplib alone. */
export const measureFactors = async (): Promise<Record<string, Metric>> => {
  const passkey = assertion();
  const code = totpCode();
  const times = await latencies([passkey.ours, passkey.peer, code.ours, code.peer], SAMPLES);
  const metric = (ours: string, theirs: string, peer: string, quantile: "p50" | "p99"): Metric =>
    lessIsBetter({
      value: times.get(ours)?.[quantile] ?? Number.NaN,
      unit: "ms",
      peer,
      peerValue: times.get(theirs)?.[quantile] ?? Number.NaN,
    });
  const passkeyBy = (quantile: "p50" | "p99") => metric("passkey", "library", "@simplewebauthn/server alone", quantile);
  const totpBy = (quantile: "p50" | "p99") => metric("totp", "otplib", "otplib alone", quantile);
  return {
    "passkey.verify.p50": passkeyBy("p50"),
    "passkey.verify.p99": passkeyBy("p99"),
    "totp.verify.p50": totpBy("p50"),
    "totp.verify.p99": totpBy("p99"),
  };
};

const assertion = () => {
  const challenge = randomBytes(32).toString("base64url");
  const userHandle = randomBytes(32).toString("base64url");
  const passkey = newPasskey(RP.id, "https://example.org");
  const { id, publicKey } = passkey;
  const response = passkey.use(challenge, userHandle);
  const stored = { id, publicKey, backupEligible: true };
  return {
    ours: {
      name: "passkey",
      run: () =>
        verifyAssertion(RP, {
          response: readAssertion(response),
          challenge,
          passkey: stored,
          userHandle,
          named: false,
        }),
    },
    peer: {
      name: "library",
      run: () =>
        webauthn.verifyAuthenticationResponse({
          response,
          expectedChallenge: challenge,
          expectedOrigin: "https://example.org",
          expectedRPID: RP.id,
          credential: { id, publicKey: new Uint8Array(publicKey), counter: 0 },
        }),
    },
  };
};

const totpCode = () => {
  const secret = new Uint8Array(randomBytes(20));
  const epoch = Math.floor(Date.now() / 1_000);
  const token = otplib.generateSync({ secret, epoch, period: 30, digits: 6, algorithm: "sha1" });
  return {
    ours: { name: "totp", run: () => Promise.resolve(matchStep(secret, token, epoch * 1_000)) },
    peer: {
      name: "otplib",
      run: () =>
        Promise.resolve(
          otplib.verifySync({
            secret,
            token,
            epoch,
            epochTolerance: [30, 0],
            period: 30,
            digits: 6,
            algorithm: "sha1",
          }),
        ),
    },
  };
};
