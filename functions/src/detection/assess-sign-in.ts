import type { SecurityEvent } from "../kernel/event.js";
import { networkPrefix } from "../kernel/network.js";
import { randomId, type RandomBytes } from "../kernel/random.js";
import type { EpochMs } from "../kernel/time.js";
import { describeError, type LogLevel } from "../platform/log.js";
import { decide, type Action } from "./decide.js";
import type { DecisionStore, RiskDecision } from "./decision-store.js";
import { deviceName, type Device } from "./device.js";
import { detectionEvent } from "./events.js";
import type { FailureCounts } from "./failure-counts.js";
import { UNKNOWN_PLACE, type Place } from "./place.js";
import { emptyProfile } from "./profile.js";
import type { ProfileStore } from "./profile-store.js";
import { score, type Contribution, type Evidence, type Score } from "./score.js";

export interface AssessDeps {
  readonly profiles: ProfileStore;
  readonly decisions: DecisionStore;
  readonly failureCounts: FailureCounts;
  readonly locate: (ip: string) => Place;
  readonly deviceOf: (userAgent: string) => Device;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly random: RandomBytes;
  readonly log: (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly thresholds: { readonly stepUpAt: number; readonly blockAt: number; readonly whenBlind: "allow" | "step-up" };
}

/** A sign-in whose first factor was right. */
export interface SignInFacts {
  readonly uid: string;
  readonly ip: string;
  readonly userAgent: string;
  /** What the person calls the device. Not evidence: the client may say anything. */
  readonly deviceName?: string;
  readonly at: EpochMs;
}

export interface Verdict extends Place, Device {
  readonly action: Action;
  /** 0 to 1, on the scale of `config.risk`. */
  readonly probability: number;
  /** Largest first; their points sum to the log-odds. */
  readonly contributions: readonly Contribution[];
  readonly networkPrefix: string;
  readonly decisionId: string;
  readonly at: EpochMs;
}

export const assess = async (deps: AssessDeps, facts: SignInFacts): Promise<Verdict> => {
  const { evidence, known, degraded } = await gather(deps, facts);
  const result = score(evidence);
  const action = degraded.includes("profile") ? blind(deps, result) : decide(result, deps.thresholds);
  const decision = decisionOf(deps, facts, {
    result,
    action,
    known,
    degraded,
    learning: evidence.profile.signIns === 0,
  });
  await keep(deps, decision);
  if (action !== "allow") await tell(deps, facts, decision);
  return {
    ...known.place,
    ...known.device,
    action,
    probability: decision.probability,
    contributions: decision.contributions,
    networkPrefix: decision.networkPrefix,
    decisionId: decision.id,
    at: facts.at,
  };
};

/** Everything known of the sign-in. A source that fails is named and left out; the others still count. */
const gather = async (deps: AssessDeps, { uid, ip, userAgent, at }: SignInFacts) => {
  const degraded: string[] = [];
  const attempt = async <Value>(name: string, read: () => Value | Promise<Value>): Promise<Value | undefined> => {
    try {
      return await read();
    } catch (error) {
      degraded.push(name);
      deps.log("ERROR", "a source of risk evidence failed", { source: name, ...describeError(error) });
      return undefined;
    }
  };
  const [profile, failures, place] = await Promise.all([
    attempt("profile", async () => (await deps.profiles.find(uid)) ?? emptyProfile(uid)),
    attempt("failures", () => deps.failureCounts({ uid, networkPrefix: networkPrefix(ip) }, at)),
    attempt("networks", () => deps.locate(ip)),
  ]);
  const known = { place: place ?? UNKNOWN_PLACE, device: deps.deviceOf(userAgent) };
  const evidence: Evidence = {
    profile: profile ?? emptyProfile(uid),
    at,
    device: deviceName(known.device),
    ...(known.place.country !== UNKNOWN_PLACE.country && { country: known.place.country }),
    ...(known.place.asn !== UNKNOWN_PLACE.asn && { asn: known.place.asn }),
    ...(failures !== undefined && { failures }),
  };
  return { evidence, known, degraded };
};

/** Without the profile nothing is known to be usual: the configured fallback, or worse where the rest of the evidence says so. */
const blind = (deps: AssessDeps, result: Score): Action =>
  decide(result, deps.thresholds) === "allow" ? deps.thresholds.whenBlind : "step-up";

const decisionOf = (
  deps: AssessDeps,
  { uid, ip, at }: SignInFacts,
  judged: {
    result: Score;
    action: Action;
    known: { place: Place; device: Device };
    degraded: string[];
    learning: boolean;
  },
): RiskDecision => ({
  id: randomId(deps.random),
  uid,
  time: at,
  action: judged.action,
  probability: judged.result.probability,
  logOdds: judged.result.logOdds,
  learning: judged.learning,
  degraded: judged.degraded,
  contributions: judged.result.contributions,
  ...judged.known.place,
  device: deviceName(judged.known.device),
  networkPrefix: networkPrefix(ip),
});

// The verdict holds without its record: a person must not be locked out because a log is down.
const keep = async (deps: AssessDeps, decision: RiskDecision): Promise<void> => {
  try {
    await deps.decisions.add(decision);
  } catch (error) {
    deps.log("ERROR", "a risk decision could not be kept", { decision: decision.id, ...describeError(error) });
  }
};

const tell = async (deps: AssessDeps, { uid, ip, userAgent }: SignInFacts, decision: RiskDecision): Promise<void> => {
  try {
    await deps.record({
      type: detectionEvent["sign-in-risky"],
      outcome: decision.action === "block" ? "failure" : "success",
      subject: uid,
      ip,
      country: decision.country,
      asn: decision.asn,
      userAgent,
      detail: {
        decision: decision.id,
        action: decision.action,
        probability: decision.probability,
        reasons: decision.contributions.filter(({ points }) => points > 0).map(({ name }) => name),
      },
    });
  } catch (error) {
    deps.log("ERROR", "a risky sign-in could not be told", { decision: decision.id, ...describeError(error) });
  }
};
