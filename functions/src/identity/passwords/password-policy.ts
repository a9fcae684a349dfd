/** What a password is held against. */
export interface PasswordRules {
  /** Unicode code points. */
  readonly minLength: number;
  /** UTF-8 bytes. */
  readonly maxBytes: number;
  /** Words that a password must not be built on: of the app, of the person's address. */
  readonly words: readonly string[];
  readonly isCommon: (password: string) => boolean;
}

export type PasswordFault = "too-short" | "too-long" | "common" | "context";

/**
 * Why a password is not accepted, or undefined when it is. It is taken exactly as typed: no trimming, no change of case, no
 * normalising; no composition rules and no expiry (NIST SP 800-63B-4 §3.1.1.2). Pure.
 *
 * `context` means that taking away banned words, digits and signs leaves fewer than `minLength / 2` characters of the
 * person's own: "firekeep-firekeep-2026" has none, "my firekeep sings at dawn" has plenty.
 */
export const passwordFault = (password: string, rules: PasswordRules): PasswordFault | undefined => {
  if (Buffer.byteLength(password, "utf8") > rules.maxBytes) return "too-long";
  if (Array.from(password).length < rules.minLength) return "too-short";
  if (rules.isCommon(password)) return "common";
  return ownCharacters(password, rules.words) * 2 < rules.minLength ? "context" : undefined;
};

/** Words of at least four characters in these texts: shorter ones are in too many passwords by chance. */
export const contextWords = (texts: readonly string[]): string[] => {
  const parts = texts.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u), ...text.split("@")]);
  return [...new Set(parts.map(plain))].filter((word) => word.length >= 4).sort((a, b) => b.length - a.length);
};

/** Characters left once the words are gone; everything when no word is in it. */
const ownCharacters = (password: string, words: readonly string[]): number => {
  const text = plain(password);
  const rest = words.reduce((left, word) => left.replaceAll(word, " "), text);
  return rest === text ? Number.POSITIVE_INFINITY : Array.from(rest.replace(/[^\p{L}]/gu, "")).length;
};

/** For comparing only: lower case, and digits and signs read as the letters that they are put for (`l`, `1` and `!` as `i`). */
const plain = (text: string): string => text.toLowerCase().replace(/[01l!34@5$78]/g, (sign) => LETTERS[sign] ?? sign);

const LETTERS: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", l: "i", "!": "i", "3": "e", "4": "a", "@": "a" },
  ...{ "5": "s", $: "s", "7": "t", "8": "b" },
};
