import type { IdentityDeps } from "../deps.js";
import { addressesOf, type ContactDeps } from "../addresses/addresses-of.js";
import type { LetterKind } from "./content.js";
import { enqueueSafely, itemId, newItem, type OutboxDeps } from "./stage-notice.js";

export type LetterDeps = OutboxDeps & ContactDeps & Pick<IdentityDeps, "directory" | "encryption" | "clock">;

export interface Letter {
  /** Makes it once. */
  readonly id: string;
  readonly uid: string;
  /** The account's own address, or all recovery addresses that it has confirmed. */
  readonly to: "primary" | "recovery";
  readonly kind: LetterKind;
  /** The link's token or the code. Kept sealed until it is delivered. */
  readonly secret: string;
}

/** Mails a secret. False when the account has no such address; a repeated letter is sent once. */
export const sendLetter = async (deps: LetterDeps, letter: Letter): Promise<boolean> => {
  const { uid, kind, secret } = letter;
  const to = letter.to === "recovery" ? await addressesOf(deps, uid) : await primaryOf(deps, uid);
  if (to.length === 0) return false;
  const content = { type: "letter", kind, to, secret } as const;
  const item = await newItem(deps, { id: itemId(letter.id), uid, kind, content });
  if (await deps.outbox.add(item)) await enqueueSafely(deps, item.id);
  return true;
};

const primaryOf = async ({ directory }: LetterDeps, uid: string): Promise<string[]> => {
  const email = (await directory.status(uid))?.email;
  return email === undefined ? [] : [email];
};
