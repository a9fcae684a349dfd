import { timingSafeEqual } from "node:crypto";
import { config } from "../../config.js";
import { encodeTuple } from "../../kernel/bytes.js";
import type { RandomBytes } from "../../kernel/random.js";
import type { IdentityDeps } from "../deps.js";

/** A code of `config.mailCodes.digits` digits, each as likely as every other. */
export const drawCode = (random: RandomBytes): string => {
  const values = 10 ** config.mailCodes.digits;
  const fair = 2 ** 32 - (2 ** 32 % values);
  for (;;) {
    const drawn = Buffer.from(random(4)).readUInt32BE();
    // What is over would make the low codes likelier.
    if (drawn < fair) return String(drawn % values).padStart(config.mailCodes.digits, "0");
  }
};

/** What is kept of a code: HMAC-SHA-256 under a key that KMS wraps, bound to its challenge. base64url. */
export const hashCode = async (
  { encryption }: Pick<IdentityDeps, "encryption">,
  challenge: string,
  code: string,
): Promise<string> => {
  const hash = await encryption.keyedHash("identity.mail-code", encodeTuple([challenge, code]));
  return Buffer.from(hash).toString("base64url");
};

/** In a time that does not tell how much of it is right. */
export const sameHash = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
