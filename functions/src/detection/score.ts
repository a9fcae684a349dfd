import { HOUR, type EpochMs } from "../kernel/time.js";
import { countryDistanceKm } from "./centroids.js";
import { hourOf, type RiskProfile } from "./profile.js";
import { networkKind } from "./hosting.js";
import { WEIGHTS } from "./weights.js";

/** One term of the sum, in log-odds. `says` is for the person and the operator. */
export interface Contribution {
  readonly name: string;
  readonly points: number;
  readonly says: string;
}

/** Everything the score is made of. What is not known is absent and adds nothing. */
export interface Evidence {
  readonly profile: RiskProfile;
  readonly at: EpochMs;
  readonly country?: string;
  readonly asn?: number;
  readonly device: string;
  /** Refused passwords of this account, and from this network, in the last minutes. */
  readonly failures?: { readonly account: number; readonly network: number };
}

export interface Score {
  /** Exactly the sum of the contributions' points. */
  readonly logOdds: number;
  readonly probability: number;
  /** Largest first. Terms of zero are left out. */
  readonly contributions: readonly Contribution[];
}

/**
 * How likely a sign-in is not the person's: the log-odds of each piece of evidence, added. The first sign-in of an account
 * has nothing to be unlike, so novelty counts for nothing then and grows with the history.
 */
export const score = (evidence: Evidence): Score => {
  const terms = [
    baseRate(),
    ...place(evidence),
    device(evidence),
    travel(evidence),
    hour(evidence),
    ...failures(evidence),
  ];
  const contributions = terms
    .filter((term) => term !== undefined)
    .map((term) => ({ ...term, points: exact(term.points) }))
    .filter((term) => term.points !== 0)
    .sort((a, b) => b.points - a.points);
  const logOdds = contributions.reduce((sum, { points }) => sum + points, 0);
  return { logOdds, probability: 1 / (1 + Math.exp(-logOdds)), contributions };
};

// Multiples of 1/1024 add up exactly in binary, in any order: the sum law holds to the last bit.
const exact = (points: number): number => Math.round(points * 1_024) / 1_024 + 0;

const term = (name: string, points: number, says: string): Contribution => ({ name, points, says });

const baseRate = (): Contribution => term("base-rate", WEIGHTS.baseRate, "Most sign-ins are by the person themselves");

/** Additive smoothing: the surprise of something never seen in `history` sign-ins. Nothing while there is no history. */
const surprise = (history: number, { smoothing, most }: { smoothing: number; most: number }): number =>
  Math.min(most, Math.log(1 + history / smoothing));

/** What was seen speaks for the person, more with every time. */
const trust = (times: number, { least }: { least: number }): number => least * (times / (times + 2));

/** Country, and the network within it. In a country never seen, a new network is little further news: it backs off. */
const place = ({ profile, country, asn }: Evidence): Contribution[] => {
  if (country === undefined) return [];
  const inCountry = profile.countries[country] ?? 0;
  const onNetwork = asn === undefined ? 0 : (profile.asns[String(asn)] ?? 0);
  const terms =
    inCountry > 0
      ? [term("known-country", trust(inCountry, WEIGHTS.country), "A country this account is often in")]
      : [
          term(
            "new-country",
            surprise(profile.signIns, WEIGHTS.country),
            "A country this account has not been seen in",
          ),
        ];
  if (asn === undefined) return terms;
  terms.push(
    onNetwork > 0
      ? term("known-network", trust(onNetwork, WEIGHTS.network), "A network this account often uses")
      : term("new-network", newNetwork(profile.signIns, inCountry), "A network this account has not used"),
  );
  if (onNetwork === 0 && networkKind(asn) === "hosting") {
    terms.push(term("hosting-network", WEIGHTS.hosting, "A data centre or VPN network"));
  }
  return terms;
};

const newNetwork = (signIns: number, inCountry: number): number =>
  inCountry > 0
    ? surprise(inCountry, WEIGHTS.network)
    : WEIGHTS.network.inNewCountry * surprise(signIns, WEIGHTS.network);

const device = ({ profile, device: name }: Evidence): Contribution => {
  const times = profile.devices[name] ?? 0;
  return times > 0
    ? term("known-device", trust(times, WEIGHTS.device), "A kind of device this account uses")
    : term("new-device", surprise(profile.signIns, WEIGHTS.device), "A kind of device this account has not used");
};

/**
 * Faster than any flight since the last sign-in. Says nothing for a country the account is known in (two places are usual)
 * nor for hosting and relay networks (their position is not the person's).
 */
const travel = ({ profile, at, country, asn }: Evidence): Contribution | undefined => {
  const { last } = profile;
  if (last === undefined || country === undefined || (profile.countries[country] ?? 0) > 0) return undefined;
  if (asn !== undefined && networkKind(asn) !== "access") return undefined;
  const distance = countryDistanceKm(last.country, country);
  if (distance === undefined) return undefined;
  // The middles of two countries are further apart than two places in them may be.
  const atLeast = Math.max(0, distance - WEIGHTS.travel.slackKm);
  const hours = Math.max(at - last.at, 0) / HOUR;
  const speed = hours === 0 ? (atLeast > 0 ? Infinity : 0) : atLeast / hours;
  if (speed <= WEIGHTS.travel.fromKmh) return undefined;
  const points = Math.min(WEIGHTS.travel.most, WEIGHTS.travel.first + Math.log(speed / WEIGHTS.travel.fromKmh));
  return term("impossible-travel", points, "Too far from the last sign-in for the time between");
};

/** How this hour compares with an even spread, neighbouring hours included. */
const hour = ({ profile, at }: Evidence): Contribution | undefined => {
  const now = hourOf(at);
  const near = [-1, 0, 1].reduce((sum, step) => sum + (profile.hours[(now + step + 24) % 24] ?? 0), 0) / 3;
  const total = profile.hours.reduce((sum, value) => sum + value, 0);
  const { smoothing, least, most } = WEIGHTS.hour;
  const points = Math.log((total + smoothing) / (near * 24 + smoothing));
  if (points === 0) return undefined;
  return points > 0
    ? term("unusual-hour", Math.min(most, points), "An hour this account is rarely active at")
    : term("usual-hour", Math.max(least, points), "An hour this account is often active at");
};

const failures = ({ failures: counts }: Evidence): Contribution[] => {
  if (counts === undefined) return [];
  const points = (count: number, { allowed, slope, most }: { allowed: number; slope: number; most: number }) =>
    Math.min(most, slope * Math.log(Math.max(1, (1 + count) / (1 + allowed))));
  return [
    term(
      "account-failures",
      points(counts.account, WEIGHTS.accountFailures),
      "Wrong passwords for this account just before",
    ),
    term(
      "network-failures",
      points(counts.network, WEIGHTS.networkFailures),
      "Wrong passwords from this network just before",
    ),
  ];
};
