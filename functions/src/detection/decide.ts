import type { Contribution, Score } from "./score.js";

export type Action = "allow" | "step-up" | "block";

/** Which contributions are of one kind. A refusal needs two kinds: one source that errs must not lock a person out. */
const FAMILIES: Readonly<Record<string, string>> = {
  "new-country": "place",
  "new-network": "place",
  "impossible-travel": "place",
  "new-device": "device",
  "hosting-network": "reputation",
  "account-failures": "velocity",
  "network-failures": "velocity",
};

/** From this many points on, a family counts towards a refusal. */
const CORROBORATES = 1;

/** What follows from a score. */
export const decide = (score: Score, thresholds: { stepUpAt: number; blockAt: number }): Action => {
  if (score.probability >= thresholds.blockAt && families(score.contributions).size >= 2) return "block";
  return score.probability >= thresholds.stepUpAt ? "step-up" : "allow";
};

const families = (contributions: readonly Contribution[]): Set<string> => {
  const points = new Map<string, number>();
  for (const { name, points: own } of contributions) {
    const family = FAMILIES[name];
    if (family !== undefined) points.set(family, (points.get(family) ?? 0) + own);
  }
  return new Set([...points].filter(([, sum]) => sum >= CORROBORATES).map(([family]) => family));
};
