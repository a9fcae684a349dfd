import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import { closed, hasFactor, withCodes, type Factors, type Step } from "./factors.js";
import type { Passkey } from "./passkey.js";

export type { Passkey } from "./passkey.js";

export type AddedPasskey =
  { readonly ok: true; readonly codesMade: boolean } | { readonly ok: false; readonly why: "taken" | "full" };

export type Used = "accepted" | "cloned" | "missing";

export const userHandle = (factors: Factors, drawn: string): Step<string> =>
  factors.userHandle === undefined
    ? { next: { ...factors, userHandle: drawn }, answer: drawn }
    : { answer: factors.userHandle };

/** The account's first factor gets backup codes; a later one leaves those there are alone. */
export const addPasskey = (
  factors: Factors,
  { passkey, hashes }: { passkey: Passkey; hashes: readonly Uint8Array[] },
): Step<AddedPasskey> => {
  const taken: AddedPasskey = { ok: false, why: "taken" };
  if (factors.passkeys.some(({ id }) => id === passkey.id)) return { answer: taken };
  if (factors.passkeys.length >= config.passkeys.limit) return { answer: { ok: false, why: "full" } };
  const codesMade = !hasFactor(factors);
  const next = { ...factors, passkeys: [...factors.passkeys, passkey] };
  const kept = codesMade ? withCodes(next, hashes, passkey.createdAt) : next;
  return { next: kept, answer: { ok: true, codesMade }, taken };
};

/**
 * Counts a use (WebAuthn L3 §7.2 step 22). Where either count is above zero the new one must be above the old; else the key
 * may have been copied: the use is refused, the passkey kept, and the warning with it.
 */
export const usePasskey = (
  factors: Factors,
  use: { id: string; counter: number; backedUp: boolean; at: EpochMs },
): Step<Used> => {
  const passkey = factors.passkeys.find(({ id }) => id === use.id);
  if (passkey === undefined) return { answer: "missing" };
  const counts = use.counter > 0 || passkey.counter > 0;
  if (counts && use.counter <= passkey.counter)
    return { next: replaced(factors, { ...passkey, cloneWarningAt: use.at }), answer: "cloned" };
  const used = { ...passkey, counter: use.counter, backedUp: use.backedUp, lastUsedAt: use.at };
  return { next: replaced(factors, used), answer: "accepted" };
};

export const renamePasskey = (factors: Factors, id: string, name: string): Step<boolean> => {
  const passkey = factors.passkeys.find((each) => each.id === id);
  return passkey === undefined ? { answer: false } : { next: replaced(factors, { ...passkey, name }), answer: true };
};

/** Removes it; with the last factor every backup code dies. */
export const removePasskey = (factors: Factors, id: string): Step<boolean> => {
  const passkeys = factors.passkeys.filter((each) => each.id !== id);
  if (passkeys.length === factors.passkeys.length) return { answer: false };
  return { next: closed({ ...factors, passkeys }), answer: true };
};

/** Credential ids that a change adds to an account, and those it gives free. */
export const claims = (before: Factors, after: Factors): { added: string[]; removed: string[] } => {
  const [had, has] = [before, after].map(({ passkeys }) => passkeys.map(({ id }) => id)) as [string[], string[]];
  return { added: has.filter((id) => !had.includes(id)), removed: had.filter((id) => !has.includes(id)) };
};

const replaced = (factors: Factors, passkey: Passkey): Factors => ({
  ...factors,
  passkeys: factors.passkeys.map((each) => (each.id === passkey.id ? passkey : each)),
});
