const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export const when = (at: number): string => moment.format(at);

const UNITS: readonly [number, Intl.RelativeTimeFormatUnit][] = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
];

const SECOND: (typeof UNITS)[number] = [1_000, "second"];

/** "3 hours ago", "in 2 days". */
export const ago = (at: number, now = Date.now()): string => {
  const [size, unit] = UNITS.find(([length]) => Math.abs(now - at) >= length) ?? SECOND;
  return relative.format(Math.round((at - now) / size), unit);
};

const countries = new Intl.DisplayNames(undefined, { type: "region", fallback: "code" });

export const country = (code: string): string =>
  /^[A-Z]{2}$/.test(code) && code !== "ZZ" ? (countries.of(code) ?? code) : "unknown place";

/** What a person may be shown of a failure: the server's public sentence. */
export const sentence = (error: unknown): string => (error instanceof Error ? error.message : "Something went wrong.");

/** A contribution's name, as a person reads it: `impossible-travel` is "impossible travel". */
export const reason = (name: string): string => name.replaceAll("-", " ");
