import { MINUTE } from "../../kernel/time.js";
import type { Place } from "../../detection/index.js";

/** One call of a telephone: how long after the one before, from where, with what header. */
export interface TraceStep {
  readonly afterMs: number;
  readonly ip: string;
  readonly userAgent: string;
}

/** How likely it is: between two calls of a telephone, or once in a session. */
const LIKELY = {
  newAddress: 0.35, // carriers give addresses of several blocks, by the hour or by the connection
  otherFamily: 0.2, // IPv4 and IPv6, by the connection
  otherNetwork: 0.2, // carrier, home, work, a train
  newVersion: 0.02,
  // Once in a session, and from there on:
  desktopSite: 0.02,
  roams: 0.06,
} as const;

interface Network extends Place {
  readonly v4: number;
  readonly v6: string;
}

const COUNTRIES = ["NO", "DE", "BR", "IN", "US", "JP"] as const;
const PER_COUNTRY = 6;

const networks: readonly Network[] = COUNTRIES.flatMap((country, c) =>
  Array.from({ length: PER_COUNTRY }, (_, n) => ({
    country,
    asn: 1_000 * (c + 1) + n,
    asnName: `${country} ${String(n)}`,
    v4: 20 + c * PER_COUNTRY + n,
    v6: `2a${(16 + c * PER_COUNTRY + n).toString(16)}`,
  })),
);

/** Where the addresses of the traces are. */
export const placeOf = (ip: string): Place => {
  const found = networks.find(({ v4, v6 }) => ip.startsWith(`${String(v4)}.`) || ip.startsWith(`${v6}:`));
  return found ?? { country: "ZZ", asn: 0, asnName: "" };
};

/** A telephone's session: `steps` calls a few minutes apart. The same seed makes the same trace. */
export const phoneTrace = (seed: number, steps: number): TraceStep[] => {
  const draw = randomFrom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(draw() * items.length)]!;
  const home = pick(COUNTRIES);
  const phone = pick(PHONES);
  const once = (likely: number) => (draw() < likely ? 1 + Math.floor(draw() * (steps - 1)) : steps);
  const [roamsAt, desktopFrom] = [once(LIKELY.roams), once(LIKELY.desktopSite)];
  let [country, version] = [home, 17 + Math.floor(draw() * 3)];
  let network = pick(networks.filter((each) => each.country === country));
  let address = addressIn(network, draw);
  return Array.from({ length: steps }, (_, step) => {
    if (step === roamsAt) country = pick(COUNTRIES.filter((each) => each !== home));
    const moves = step === roamsAt || draw() < LIKELY.otherNetwork;
    if (moves) network = pick(networks.filter((each) => each.country === country));
    if (moves || draw() < LIKELY.newAddress || draw() < LIKELY.otherFamily) address = addressIn(network, draw);
    if (draw() < LIKELY.newVersion) version += 1;
    const userAgent = step >= desktopFrom ? phone.desktop(version) : phone.mobile(version);
    return { afterMs: (0.2 + draw() * 12) * MINUTE, ip: address, userAgent };
  });
};

const addressIn = ({ v4, v6 }: Network, draw: () => number): string => {
  const byte = () => String(Math.floor(draw() * 256));
  const group = () => Math.floor(draw() * 65_536).toString(16);
  return draw() < 0.5 ? `${String(v4)}.${byte()}.${byte()}.${byte()}` : `${v6}:${group()}:${group()}:${group()}::1`;
};

// Desktop sites are asked for under the system's bigger sister; the browser keeps its name.
const PHONES = [
  {
    mobile: (version: number) =>
      `Mozilla/5.0 (iPhone; CPU iPhone OS ${String(version)}_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${String(version)}.1 Mobile/15E148 Safari/604.1`,
    desktop: (version: number) =>
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${String(version)}.1 Safari/605.1.15`,
  },
  {
    mobile: (version: number) =>
      `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${String(120 + version)}.0.0.0 Mobile Safari/537.36`,
    desktop: (version: number) =>
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${String(120 + version)}.0.0.0 Safari/537.36`,
  },
  {
    mobile: (version: number) =>
      `Mozilla/5.0 (Android 14; Mobile; rv:${String(120 + version)}.0) Gecko/${String(120 + version)}.0 Firefox/${String(120 + version)}.0`,
    desktop: (version: number) =>
      `Mozilla/5.0 (X11; Linux x86_64; rv:${String(120 + version)}.0) Gecko/20100101 Firefox/${String(120 + version)}.0`,
  },
];

/** Numbers in [0, 1) that a seed decides (mulberry32): a trace that fails can be made again. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
