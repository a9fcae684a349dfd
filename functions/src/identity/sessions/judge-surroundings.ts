import { config } from "../../config.js";

/** Where and on what a session is used: families and tables only, never an address or a version. */
export interface Surroundings {
  readonly browser: string;
  readonly os: string;
  /** ISO 3166-1; `ZZ` when unknown. */
  readonly country: string;
  /** Autonomous system; 0 when unknown. */
  readonly asn: number;
}

export type Change = "browser" | "os" | "country" | "network";
export type Finding = "same" | "changed" | "step-up" | "revoke";

export interface Judgement {
  readonly finding: Finding;
  readonly score: number;
  readonly changes: readonly Change[];
}

/**
 * How far a call strays from where its session was. Pure. Every change adds its weight, so more change never lowers the
 * score; the address itself weighs nothing, for it changes all day on a telephone. What the tables do not know is no change.
 *
 * @param proven the call carried a proof of the session's device key, which cannot be copied along with a token
 */
export const judgeSurroundings = (before: Surroundings, after: Surroundings, proven: boolean): Judgement => {
  const { weights, stepUpAt, revokeAt, provenFactor } = config.session.hijack;
  const changes = changesBetween(before, after);
  const sum = changes.reduce((total, change) => total + weights[change], 0);
  const score = proven ? sum * provenFactor : sum;
  if (score >= revokeAt) return { finding: "revoke", score, changes };
  if (score >= stepUpAt) return { finding: "step-up", score, changes };
  return { finding: changes.length > 0 ? "changed" : "same", score, changes };
};

// A header that names nothing is a change: a browser does not lose its name. A place that is not in the tables is none.
const changesBetween = (before: Surroundings, after: Surroundings): Change[] => {
  const changes: Change[] = [];
  if (before.browser !== after.browser) changes.push("browser");
  if (before.os !== after.os) changes.push("os");
  if (before.country !== after.country && before.country !== "ZZ" && after.country !== "ZZ") changes.push("country");
  if (before.asn !== after.asn && before.asn !== 0 && after.asn !== 0) changes.push("network");
  return changes;
};
