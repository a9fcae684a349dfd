import { lazy } from "../kernel/lazy.js";

/** Browser and system, by family. No versions: they change by themselves and say little. */
export interface Device {
  readonly browser: string;
  readonly os: string;
}

/**
 * What a User-Agent header claims. It is the client's word, so a known device lowers a score only a little.
 * An app that names no browser is known by the first product of its header.
 */
export const deviceOf = (userAgent: string): Device => {
  const text = userAgent.slice(0, 500);
  if (text.trim() === "") return { browser: "Unknown", os: "Unknown" };
  const parsed = bowser().parse(text);
  const product = /^[A-Za-z][\w .-]{0,30}/.exec(text)?.[0].trim();
  const named = (name: string | undefined, otherwise = "Unknown") =>
    name === undefined || name === "" ? otherwise : name;
  return { browser: named(parsed.browser.name, named(product)), os: named(parsed.os.name) };
};

/** One word for both: a profile counts them together. */
export const deviceName = ({ browser, os }: Device): string => `${browser} / ${os}`;

// 36 ms to load: only who scores a sign-in pays for it.
const bowser = lazy(() => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on first use
  const module = require("bowser") as { default?: Bowser } & Bowser;
  return module.default ?? module;
});

interface Bowser {
  parse(userAgent: string): { browser: { name?: string }; os: { name?: string } };
}
