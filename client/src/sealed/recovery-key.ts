import { FirekeepError } from "../error.ts";
import { wipe, type Bytes } from "../bytes.ts";

/**
 * A key as a person prints and types it: 256 bits and four zero bits in Crockford's base 32, in 13 groups of four, then a check
 * symbol (the number modulo 37) that finds every mistyped symbol and every two that changed places.
 * Example: `0410-40GG-R70W-40R9-0W40-T10F-0441-H48S-09CG-N30F-0W8H-64T1-A0H4-7`.
 */
export const formatRecoveryKey = (key: Uint8Array): string => {
  const number = toNumber(key) << 4n;
  const symbols = Array.from({ length: SYMBOLS }, (_, index) =>
    symbolOf((number >> BigInt(5 * (SYMBOLS - 1 - index))) & 31n),
  );
  const groups = Array.from({ length: SYMBOLS / GROUP }, (_, at) =>
    symbols.slice(at * GROUP, (at + 1) * GROUP).join(""),
  );
  return [...groups, symbolOf(number % 37n)].join("-");
};

/**
 * Reads one, however it is spaced and cased; `O` is read as 0, `I` and `L` as 1. Wipe what it answers.
 *
 * @throws FirekeepError `client/recovery-key-malformed`
 */
export const parseRecoveryKey = (typed: string): Bytes => {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  const values = Array.from(text, (symbol) => ALPHABET.indexOf(symbol));
  const check = values.pop();
  if (values.length !== SYMBOLS || values.some((value) => value < 0 || value > 31)) throw malformed();
  const number = values.reduce((sum, value) => (sum << 5n) | BigInt(value), 0n);
  if (check !== Number(number % 37n) || (number & 15n) !== 0n) throw malformed();
  return toBytes(number >> 4n);
};

const SYMBOLS = 52;
const GROUP = 4;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"; // the last five only as check symbols

const symbolOf = (value: bigint): string => ALPHABET.charAt(Number(value));

const toNumber = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

const toBytes = (number: bigint): Bytes => {
  const bytes = new Uint8Array(32);
  for (let at = 31, rest = number; at >= 0; at -= 1, rest >>= 8n) bytes[at] = Number(rest & 255n);
  return bytes;
};

const malformed = (): FirekeepError =>
  new FirekeepError(
    "client/recovery-key-malformed",
    "This recovery key has a mistake. Check every group.",
    {},
    undefined,
  );

/** Runs `use` with the key's bytes, and wipes them. */
export const withRecoveryKey = async <Result>(
  typed: string,
  use: (secret: Bytes) => Promise<Result>,
): Promise<Result> => {
  const secret = parseRecoveryKey(typed);
  try {
    return await use(secret);
  } finally {
    wipe(secret);
  }
};
