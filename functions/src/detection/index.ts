import type { EpochMs } from "../kernel/time.js";
import { assess, type SignInFacts, type Verdict } from "./assess-sign-in.js";
import type { RiskDecision } from "./decision-store.js";
import { deps } from "./deps.js";
import type { Device } from "./device.js";
import { learn, type LearnedFacts } from "./learn-sign-in.js";
import type { Place } from "./place.js";
import { signAgent } from "./proxied.js";

export type { SignInFacts, Verdict } from "./assess-sign-in.js";
export type { RiskDecision } from "./decision-store.js";
export type { Device } from "./device.js";
export type { LearnedFacts } from "./learn-sign-in.js";
export type { Place } from "./place.js";
export type { Contribution } from "./score.js";

/**
 * Judges a sign-in from what the account did before, and keeps the decision in `riskDecisions/{decisionId}`.
 * Never throws for lack of data: what cannot be read is left out of the sum and the decision says so (`degraded`).
 */
export const assessSignIn = (facts: SignInFacts): Promise<Verdict> => assess(deps(), facts);

/** Adds a sign-in that stood (allowed, or its second factor passed) to the account's profile. Once per decision. */
export const learnSignIn = (uid: string, facts: LearnedFacts): Promise<void> => learn(deps(), uid, facts);

/** Country (ISO 3166-1, `ZZ` when unknown) and network (0 when unknown) of an address, from the packed tables. */
export const locate = (ip: string): Place => deps().locate(ip);

/** Browser and system, by family, that a User-Agent header claims. */
export const describeDevice = (userAgent: string): Device => deps().deviceOf(userAgent);

/** The account's sign-ins that were judged, the newest first; up to 90 days back. */
export const listDecisions = (uid: string, limit: number): Promise<RiskDecision[]> => deps().decisions.list(uid, limit);

/** The user agent with which the password proxy asks Firebase about this address: the activity log's entry is then not counted again. */
export const signProxyAgent = (email: string, at: EpochMs): Promise<string> => signAgent(deps(), email, at);
