import { timingSafeEqual } from "node:crypto";
import { encodeTuple } from "../../kernel/bytes.js";
import { encryptionError } from "../errors.js";
import type { WrappedKey } from "../keys/data-key-store.js";
import { unreadable } from "../keys/outage.js";
import type { IndexRootDeps } from "./index-root.js";

/** KMS's key for roots. */
export const ROOTS_KEY = { ring: "index", key: "roots" } as const;

const ROOT_BYTES = 32;

/**
 * The root, 32 bytes. Root 1 is made when there is none; later ones are made by a rotation only.
 *
 * @throws encryption/keys-unavailable, the errors of `kmsError`
 */
export const unwrapRoot = async (deps: IndexRootDeps, number: number): Promise<Buffer> => {
  const stored = await deps.roots.find(String(number)).catch(unreadable);
  if (stored !== undefined) return unwrap(deps, number, stored);
  if (number === 1) return makeRoot(deps, number);
  throw encryptionError("keys-unavailable", { cause: new Error(`index root ${String(number)} is missing`) });
};

/** A new root; of two makers that race, the loser takes the winner's. */
export const makeRoot = async (deps: IndexRootDeps, number: number): Promise<Buffer> => {
  const plaintext = Buffer.from(deps.random(ROOT_BYTES));
  const made = await wrap(deps, number, plaintext, deps.clock());
  const stored = await deps.roots.addFirst(String(number), made).catch(unreadable);
  if (stored.wrapped.length === made.wrapped.length && timingSafeEqual(stored.wrapped, made.wrapped)) return plaintext;
  plaintext.fill(0);
  return unwrap(deps, number, stored);
};

/** The same root under KMS's primary version. */
export const rewrapRoot = async (deps: IndexRootDeps, number: number, root: WrappedKey): Promise<WrappedKey> => {
  const plaintext = await unwrap(deps, number, root);
  try {
    return await wrap(deps, number, plaintext, root.createdAt);
  } finally {
    plaintext.fill(0);
  }
};

const wrap = async (
  { kms }: IndexRootDeps,
  number: number,
  plaintext: Uint8Array,
  createdAt: number,
): Promise<WrappedKey> => {
  const { ciphertext, version } = await kms.encrypt({ ...ROOTS_KEY, plaintext, associatedData: placeBytes(number) });
  return { wrapped: ciphertext, createdAt, kek: version };
};

const unwrap = async ({ kms }: IndexRootDeps, number: number, { wrapped }: WrappedKey): Promise<Buffer> =>
  Buffer.from(await kms.decrypt({ ...ROOTS_KEY, ciphertext: wrapped, associatedData: placeBytes(number) }));

const placeBytes = (number: number): Uint8Array => encodeTuple(["index-root", String(number)]);
