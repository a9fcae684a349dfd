import { config } from "../../config.js";
import { encodeTuple } from "../../kernel/bytes.js";
import type { RandomBytes } from "../../kernel/random.js";
import type { IdentityDeps } from "../deps.js";

// Crockford's base32: no I, L, O or U, so that a code can be read aloud. https://www.crockford.com/base32.html
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = config.backupCodes.bits / 5;
const ONLY_LETTERS = new RegExp(`^[${ALPHABET}]+$`);
const GROUP = 4;

/** A fresh set: as shown, in groups of four. */
export const newBackupCodes = (random: RandomBytes): string[] =>
  Array.from({ length: config.backupCodes.count }, () => group(drawCode(random)));

/** The code as it was made, whatever the case and spacing it was typed in; undefined when it cannot be one. */
export const readBackupCode = (typed: string): string | undefined => {
  const code = typed.replace(/[\s-]/g, "").toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
  return code.length === LENGTH && ONLY_LETTERS.test(code) ? code : undefined;
};

/**
 * What is stored of a code: HMAC-SHA-256 under a key only KMS can give, bound to the account. From 112 bits on, a fast
 * keyed hash is enough (OWASP ASVS 5.0 §6.5.2): there is nothing to guess.
 */
export const hashBackupCode = (
  deps: Pick<IdentityDeps, "encryption">,
  uid: string,
  code: string,
): Promise<Uint8Array> => deps.encryption.keyedHash("identity.backup-code", encodeTuple([uid, code]));

/** Fresh codes and their hashes. */
export const makeBackupCodes = async (
  deps: Pick<IdentityDeps, "encryption" | "random">,
  uid: string,
): Promise<{ codes: string[]; hashes: Uint8Array[] }> => {
  const codes = newBackupCodes(deps.random);
  const hashes = await Promise.all(codes.map((code) => hashBackupCode(deps, uid, code.replaceAll("-", ""))));
  return { codes, hashes };
};

// 32 letters divide 256 evenly, so five bits of a byte have no bias.
const drawCode = (random: RandomBytes): string =>
  [...random(LENGTH)].map((byte) => ALPHABET.charAt(byte & 31)).join("");

const group = (code: string): string => (code.match(new RegExp(`.{${String(GROUP)}}`, "g")) ?? []).join("-");
