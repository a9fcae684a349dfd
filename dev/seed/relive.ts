import { randomBytes } from "node:crypto";
import type { SecurityEvent } from "../../functions/src/kernel/event.js";
import type { RiskDecision } from "../../functions/src/detection/decision-store.js";
import type { RiskProfile } from "../../functions/src/detection/profile.js";
import type { Attempt } from "./history.ts";
import { product } from "./product.ts";

/** What the attempts left behind, as the product itself judged them. */
export interface Past {
  readonly decisions: readonly RiskDecision[];
  readonly profiles: readonly RiskProfile[];
  readonly events: readonly { readonly at: number; readonly event: SecurityEvent }[];
}

const QUARTER = 15 * 60_000;

/** Lets the product's own scoring live through the attempts, one after the other, in memory. */
export const relive = async (attempts: readonly Attempt[]): Promise<Past> => {
  const profiles = product.profiles().memoryProfileStore();
  const decisions = product.decisions().memoryDecisionStore();
  const events: { at: number; event: SecurityEvent }[] = [];
  const deps = assessDeps(profiles, decisions, attempts);
  const locate = product.locate().locator();
  for (const attempt of attempts) {
    const event = attempt.password === "wrong" ? failed() : await judged(deps, profiles, attempt);
    const { country, asn } = locate(attempt.ip);
    events.push({ at: attempt.at, event: { ...event, subject: attempt.person.uid, ip: attempt.ip, country, asn } });
  }
  const uids = [...new Set(attempts.map((attempt) => attempt.person.uid))];
  const found = await Promise.all(uids.map((uid) => profiles.find(uid)));
  return { decisions: decisions.decisions, profiles: found.filter((profile) => profile !== undefined), events };
};

type AssessDeps = Parameters<ReturnType<typeof product.assess>["assess"]>[0];

const assessDeps = (
  profiles: AssessDeps["profiles"],
  decisions: AssessDeps["decisions"],
  attempts: readonly Attempt[],
): AssessDeps => {
  const { networkPrefix } = product.network();
  return {
    profiles,
    decisions,
    locate: product.locate().locator(),
    deviceOf: product.device().deviceOf,
    random: randomBytes,
    record: () => Promise.resolve(),
    log: () => undefined,
    thresholds: product.config().config.risk,
    failureCounts: (who, at) => {
      const recent = attempts.filter((one) => one.password === "wrong" && one.at < at && one.at > at - QUARTER);
      return Promise.resolve({
        account: recent.filter((one) => one.person.uid === who.uid).length,
        network: recent.filter((one) => networkPrefix(one.ip) === who.networkPrefix).length,
      });
    },
  };
};

const failed = (): SecurityEvent => ({
  type: product.detectionEvents().detectionEvent["sign-in-failed"],
  outcome: "failure",
});

const judged = async (deps: AssessDeps, profiles: AssessDeps["profiles"], attempt: Attempt): Promise<SecurityEvent> => {
  const { uid } = attempt.person;
  const verdict = await product
    .assess()
    .assess(deps, { uid, ip: attempt.ip, userAgent: attempt.userAgent, at: attempt.at });
  const { identityEvent } = product.identityEvents();
  const reasons = verdict.contributions.filter(({ points }) => points > 0).map(({ name }) => name);
  const detail = { decision: verdict.decisionId, reasons };
  if (verdict.action === "block") return { type: identityEvent["session-refused"], outcome: "failure", detail };
  // Owners have their telephone at hand; the attacker has not.
  if (verdict.action === "step-up" && attempt.by === "attacker")
    return { type: identityEvent["session-challenged"], outcome: "failure", detail };
  await product.learn().learn({ profiles }, uid, verdict);
  return { type: identityEvent["session-started"], outcome: "success", detail };
};
