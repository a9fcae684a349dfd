import { lazy } from "../../kernel/lazy.js";
import { commonPasswords } from "../../platform/sdk.js";

/**
 * Whether a password is one of the 49 000 most used (OWASP ASVS 6.2.4 asks for 3 000), in any case, or one of them, or up to
 * three characters, again and again until it was long enough.
 */
export const isCommonPassword = (password: string): boolean => {
  const text = password.toLowerCase();
  const known = list();
  const part = repeated(text);
  return known.has(text) || known.has(part) || (part !== text && part.length < 4);
};

// Loaded by the first password an instance sees, and by no other function.
const list = lazy((): ReadonlySet<string> => new Set(commonPasswords()));

/** What a text is made of, when it is one thing again and again ("abcabcabca" is "abc"); the text itself otherwise. */
const repeated = (text: string): string => {
  // The shortest period by the prefix function of Knuth, Morris and Pratt: linear, whatever is typed.
  const border = new Uint16Array(text.length);
  for (let at = 1, matched = 0; at < text.length; at += 1) {
    while (matched > 0 && text[at] !== text[matched]) matched = border[matched - 1] ?? 0;
    if (text[at] === text[matched]) matched += 1;
    border[at] = matched;
  }
  const period = text.length - (border[text.length - 1] ?? 0);
  return period * 2 <= text.length ? text.slice(0, period) : text;
};
