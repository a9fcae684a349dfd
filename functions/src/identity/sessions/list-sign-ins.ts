import type { RiskDecision } from "../../detection/index.js";
import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";

/**
 * The caller's recent sign-ins, the newest first, also those that were refused although the first factor was right. Where the
 * session still lives, its id is named: it can be ended.
 */
export const listSignIns = async (
  deps: Pick<IdentityDeps, "sessions" | "detection" | "clock">,
  caller: Caller,
  limit: number,
) => {
  const [decisions, live] = await Promise.all([
    deps.detection.listDecisions(caller.uid, limit),
    deps.sessions.listLive(caller.uid, deps.clock()),
  ]);
  const sids = new Map(live.map(({ decisionId, sid }) => [decisionId, sid]));
  return { signIns: decisions.map((decision) => ({ ...describe(decision), sid: sids.get(decision.id) ?? null })) };
};

const OUTCOMES = { allow: "allowed", "step-up": "challenged", block: "refused" } as const;

const describe = ({ time, country, asnName, networkPrefix, device, action, contributions }: RiskDecision) => ({
  at: time,
  country,
  network: asnName,
  networkPrefix,
  device,
  outcome: OUTCOMES[action],
  reasons: action === "allow" ? [] : contributions.filter(({ points }) => points > 0).map(({ name }) => name),
});
