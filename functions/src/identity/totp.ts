import { config } from "../config.js";
import type { RandomBytes } from "../kernel/random.js";
import { SECOND, type EpochMs } from "../kernel/time.js";
import { otplibSdk } from "../platform/sdk.js";

const { periodSeconds, digits, issuer } = config.totp;

/** A seed of 160 bits: the length of SHA-1's output (RFC 4226 §4, R6). */
export const newSeed = (random: RandomBytes): Uint8Array => random(20);

export const isTotpCode = (code: string): boolean => new RegExp(`^\\d{${String(digits)}}$`).test(code);

/**
 * The time step whose code this is: the current one or the one before (RFC 6238 §5.2 recommends at most one for delay),
 * never a future one. Undefined when it is neither. Takes a well-formed code only.
 */
export const matchStep = (seed: Uint8Array, code: string, at: EpochMs): number | undefined => {
  const verdict = otplibSdk().verifySync({
    secret: seed,
    token: code,
    strategy: "totp",
    algorithm: "sha1",
    digits,
    period: periodSeconds,
    epoch: Math.floor(at / SECOND),
    epochTolerance: [periodSeconds, 0],
  });
  return verdict.valid && "timeStep" in verdict ? verdict.timeStep : undefined;
};

/** The seed for an authenticator app: base32 to type in, and the `otpauth://` URI. `account` is shown in the app. */
export const describeSeed = (seed: Uint8Array, account: string): { secret: string; uri: string } => {
  const { ScureBase32Plugin, generateURI } = otplibSdk();
  const secret = new ScureBase32Plugin().encode(seed, { padding: false });
  const uri = generateURI({ issuer, label: account, secret, algorithm: "sha1", digits, period: periodSeconds });
  return { secret, uri };
};
