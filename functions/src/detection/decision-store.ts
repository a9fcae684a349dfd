import type { EpochMs } from "../kernel/time.js";
import type { Action } from "./decide.js";
import type { Contribution } from "./score.js";

/** The document `riskDecisions/{id}`: why a sign-in was judged as it was. */
export interface RiskDecision {
  readonly id: string;
  readonly uid: string;
  readonly time: EpochMs;
  readonly action: Action;
  readonly probability: number;
  readonly logOdds: number;
  /** The account has no history yet: novelty counted for nothing. */
  readonly learning: boolean;
  /** What could not be read and is missing from the sum: `networks`, `profile`, `failures`. */
  readonly degraded: readonly string[];
  readonly contributions: readonly Contribution[];
  readonly country: string;
  readonly asn: number;
  readonly asnName: string;
  readonly device: string;
  readonly networkPrefix: string;
}

export interface DecisionStore {
  add(decision: RiskDecision): Promise<void>;
  /** The newest first. */
  list(uid: string, limit: number): Promise<RiskDecision[]>;
}

export const memoryDecisionStore = (): DecisionStore & { readonly decisions: RiskDecision[] } => {
  const decisions: RiskDecision[] = [];
  return {
    decisions,
    add: (decision) => {
      decisions.push(decision);
      return Promise.resolve();
    },
    list: (uid, limit) => {
      const own = decisions.filter((decision) => decision.uid === uid);
      return Promise.resolve(own.sort((a, b) => b.time - a.time).slice(0, limit));
    },
  };
};
