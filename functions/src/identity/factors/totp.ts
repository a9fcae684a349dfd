import { config } from "../../config.js";
import type { RandomBytes } from "../../kernel/random.js";
import { SECOND, type EpochMs } from "../../kernel/time.js";
import { otplibSdk } from "../../platform/sdk.js";

const { periodSeconds, digits, issuer } = config.totp;

/** How many steps a code may be behind: in strict mode none. */
const BEHIND = { "current-and-previous": 1, current: 0 } as const;

/** A seed of 160 bits: the length of SHA-1's output (RFC 4226 §4, R6). */
export const newSeed = (random: RandomBytes): Uint8Array => random(20);

export const isTotpCode = (code: string): boolean => new RegExp(`^\\d{${String(digits)}}$`).test(code);

/**
 * The time step whose code this is: the current one or, unless the window is strict, the one before (RFC 6238 §5.2 recommends at
 * most one for delay), never a future one. Undefined when it is neither. Takes a well-formed code only. Whether a step was used
 * is the ledger's to say: it compares in the same write that uses it up.
 */
export const matchStep = (
  seed: Uint8Array,
  code: string,
  at: EpochMs,
  window: keyof typeof BEHIND = config.totp.window,
): number | undefined => {
  const verdict = otplibSdk().verifySync({
    secret: seed,
    token: code,
    strategy: "totp",
    algorithm: "sha1",
    digits,
    period: periodSeconds,
    epoch: Math.floor(at / SECOND),
    epochTolerance: [BEHIND[window] * periodSeconds, 0],
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
