import { createHash } from "node:crypto";
import { encodeTuple } from "../../kernel/bytes.js";
import type { RandomBytes } from "../../kernel/random.js";
import type { IdentityDeps } from "../deps.js";
import { idOf, sameHash, splitId, type OwnRecovery, type Recovery } from "./recovery.js";

type Deps = Pick<IdentityDeps, "encryption">;

/** The secret in a mailed link: 256 bits, base64url, 43 characters. */
export const newToken = (random: RandomBytes): string => Buffer.from(random(32)).toString("base64url");

/** Eight digits, none likelier than another: 26 bits, with few attempts and useless without the link. */
export const newCode = (random: RandomBytes): string => {
  const drawn = Buffer.from(random(4)).readUInt32BE();
  return drawn < FAIR ? String(drawn % CODES).padStart(DIGITS, "0") : newCode(random);
};

/** What is stored of a link: nothing can be guessed of 256 bits, so a plain hash will do. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");

/** What is stored of a code: bound to account and round, under a key that only KMS can give. */
export const hashCode = async (deps: Deps, { uid, round }: Pick<OwnRecovery, "uid" | "round">, code: string) =>
  base64url(await deps.encryption.keyedHash("identity.recovery-code", encodeTuple([uid, round, code])));

/**
 * The token of the link by which a recovery is stopped. It is made from the recovery, not stored: a notice that must be sent
 * again carries the same one, and the database holds nothing that stops anything.
 */
export const disownToken = async (deps: Deps, recovery: Recovery): Promise<string> => {
  const id = idOf(recovery);
  return `${id}.${await macOf(deps, id)}`;
};

/** The slot and round that a disowning token is good for; undefined when it is not one of ours. */
export const readDisownToken = async (
  deps: Deps,
  token: string,
): Promise<{ slot: string; round: string } | undefined> => {
  const at = token.lastIndexOf(".");
  const id = token.slice(0, Math.max(at, 0));
  return sameHash(await macOf(deps, id), token.slice(at + 1)) ? splitId(id) : undefined;
};

const macOf = async (deps: Deps, id: string): Promise<string> =>
  base64url(await deps.encryption.keyedHash("identity.recovery-disown", id));

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

const DIGITS = 8;
const CODES = 10 ** DIGITS;
const FAIR = Math.floor(2 ** 32 / CODES) * CODES;
