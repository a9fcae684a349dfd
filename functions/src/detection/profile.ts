import { HOUR, type EpochMs } from "../kernel/time.js";

/**
 * The document `riskProfiles/{uid}`: what is usual for an account. Only countries, networks and device families, never an
 * address. Counts halve when the history grows long, so that habits can change.
 */
export interface RiskProfile {
  readonly uid: string;
  /** Sign-ins that stood, aged. 0 for an account that is new. */
  readonly signIns: number;
  readonly countries: Readonly<Record<string, number>>;
  readonly asns: Readonly<Record<string, number>>;
  readonly devices: Readonly<Record<string, number>>;
  /** Sign-ins by hour of the day, UTC: 24 numbers. */
  readonly hours: readonly number[];
  readonly last?: { readonly at: EpochMs; readonly country: string; readonly decisionId: string };
  readonly updatedAt: EpochMs;
}

/** What a sign-in adds to a profile. */
export interface SignInTrace {
  readonly at: EpochMs;
  readonly country: string;
  readonly asn: number;
  readonly device: string;
  readonly decisionId: string;
}

export const emptyProfile = (uid: string): RiskProfile => ({
  uid,
  signIns: 0,
  countries: {},
  asns: {},
  devices: {},
  hours: Array<number>(24).fill(0),
  updatedAt: 0,
});

/** From this many sign-ins on, all counts are halved. */
export const AGE_AT = 200;
/** How many different countries, networks and devices are remembered; the rarest goes first. */
export const REMEMBERED = { countries: 30, asns: 60, devices: 40 } as const;

/** The profile after one more sign-in. A trace that was already added (by its decision) changes nothing. */
export const addSignIn = (profile: RiskProfile, trace: SignInTrace): RiskProfile => {
  if (profile.last?.decisionId === trace.decisionId) return profile;
  const aged = profile.signIns >= AGE_AT ? halve(profile) : profile;
  const hour = hourOf(trace.at);
  const newer = aged.last === undefined || trace.at >= aged.last.at;
  const last = newer ? { at: trace.at, country: trace.country, decisionId: trace.decisionId } : aged.last;
  return {
    uid: aged.uid,
    signIns: aged.signIns + 1,
    countries: trace.country === "ZZ" ? aged.countries : count(aged.countries, trace.country, REMEMBERED.countries),
    asns: trace.asn === 0 ? aged.asns : count(aged.asns, String(trace.asn), REMEMBERED.asns),
    devices: count(aged.devices, trace.device, REMEMBERED.devices),
    hours: aged.hours.map((value, index) => (index === hour ? value + 1 : value)),
    last,
    updatedAt: Math.max(aged.updatedAt, trace.at),
  };
};

export const hourOf = (at: EpochMs): number => Math.floor(at / HOUR) % 24;

const count = (counts: Readonly<Record<string, number>>, key: string, bound: number): Record<string, number> => {
  const next = { ...counts, [key]: (counts[key] ?? 0) + 1 };
  const rarest = Object.entries(next)
    .filter(([name]) => name !== key)
    .sort(([, a], [, b]) => a - b)[0];
  if (Object.keys(next).length <= bound || rarest === undefined) return next;
  return without(next, rarest[0]);
};

const without = (counts: Readonly<Record<string, number>>, gone: string): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => name !== gone));

const halve = (profile: RiskProfile): RiskProfile => {
  const half = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, value / 2]));
  return {
    ...profile,
    signIns: profile.signIns / 2,
    countries: half(profile.countries),
    asns: half(profile.asns),
    devices: half(profile.devices),
    hours: profile.hours.map((value) => value / 2),
  };
};
