import { createHash, timingSafeEqual } from "node:crypto";
import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Lost } from "../factors/reset-ledger.js";
import type { Evidence } from "./paths.js";

interface Common {
  readonly uid: string;
  /** Tells this recovery from an earlier one of the same account. */
  readonly round: string;
  /** Until when the next step must come. */
  readonly expiresAt: EpochMs;
  readonly lost: Lost;
  /** When the evidence was complete. From here on it is carried out, whatever happens. */
  readonly provenAt?: EpochMs;
  readonly evidence?: readonly Evidence[];
  readonly endedAt?: EpochMs;
}

/** A person's own way back: a mailed link and one more piece. */
export interface OwnRecovery extends Common {
  readonly kind: "own";
  readonly state: "open" | "proven" | "done" | "cancelled";
  readonly startedAt: EpochMs;
  /** SHA-256 of the 256-bit token in the mailed link, base64url. */
  readonly linkHash: string;
  /** Keyed hash of the code mailed to the recovery address; absent where there is none. */
  readonly codeHash?: string;
  readonly attempts: number;
  /** The session that showed the evidence, and goes on. */
  readonly sid?: string;
}

/** A reset that one administrator asks for, another approves, and that then waits. */
export interface Reset extends Common {
  readonly kind: "reset";
  readonly state: "requested" | "approved" | "held" | "proven" | "done" | "cancelled";
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: EpochMs;
  readonly approvedBy?: string;
  readonly approvedAt?: EpochMs;
  /** Set once every address was told: the hold counts from there. */
  readonly runsAt?: EpochMs;
}

/** The document `secRecoveries/{slot}`: one an account and kind, so that there is never a second one under way. */
export type Recovery = OwnRecovery | Reset;

/** What a transition answers, and the document after it; without `next` nothing is written. */
export interface Step<Answer> {
  readonly answer: Answer;
  readonly next?: Recovery;
}

export const slotOf = (kind: Recovery["kind"], uid: string): string =>
  createHash("sha256").update(`${kind}\n${uid}`).digest("base64url");

/** The public id of a reset: its slot and its round. */
export const idOf = (recovery: Recovery): string => `${slotOf(recovery.kind, recovery.uid)}.${recovery.round}`;

export const splitId = (id: string): { slot: string; round: string } => {
  const [slot = "", round = ""] = id.split(".");
  return { slot, round };
};

/** Whether somebody must still do something about it. */
export const isPending = ({ kind, state }: Recovery): boolean =>
  state === "proven" || (kind === "reset" && (state === "requested" || state === "approved" || state === "held"));

export const isStoppable = (recovery: Recovery, now: EpochMs): boolean => {
  if (recovery.state === "approved" || recovery.state === "held") return true;
  return (recovery.state === "open" || recovery.state === "requested") && now < recovery.expiresAt;
};

/** A new link takes an older one's place; one that is being carried out is let finish. */
export const open = (now: Recovery | undefined, fresh: OwnRecovery): Step<boolean> =>
  now?.state === "proven" ? { answer: false } : { next: fresh, answer: true };

/** Counts an attempt before link or code are looked at. */
export const spendAttempt = (now: Recovery | undefined, at: EpochMs): Step<OwnRecovery | undefined> => {
  if (now?.kind !== "own" || now.state !== "open" || at >= now.expiresAt) return { answer: undefined };
  if (now.attempts >= config.recovery.attempts) return { answer: undefined };
  const next = { ...now, attempts: now.attempts + 1 };
  return { next, answer: next };
};

/** The evidence is complete. Of all that try, one gets it. */
export const prove = (
  now: Recovery | undefined,
  by: { round: string; at: EpochMs; sid: string; evidence: readonly Evidence[]; lost: Lost },
): Step<OwnRecovery | undefined> => {
  if (now?.kind !== "own" || now.state !== "open" || now.round !== by.round || by.at >= now.expiresAt)
    return { answer: undefined };
  const { at, sid, evidence, lost } = by;
  const next: OwnRecovery = { ...now, state: "proven", provenAt: at, sid, evidence, lost };
  return { next, answer: next };
};

/** False while another reset of the account is under way. */
export const request = (now: Recovery | undefined, fresh: Reset): Step<boolean> => {
  const underWay = now !== undefined && (now.state === "proven" || isStoppable(now, fresh.requestedAt));
  return underWay ? { answer: false } : { next: fresh, answer: true };
};

/** The second administrator's word; said again, it is taken again, so that a call that died can be repeated. */
export const approve = (
  now: Recovery | undefined,
  by: { round: string; uid: string; at: EpochMs },
): Step<Reset | "unknown" | "own-request"> => {
  if (now?.kind !== "reset" || now.round !== by.round) return { answer: "unknown" };
  if (now.state !== "requested")
    return { answer: now.approvedBy === by.uid && isStoppable(now, by.at) ? now : "unknown" };
  if (by.at >= now.expiresAt) return { answer: "unknown" };
  if (by.uid === now.requestedBy || by.uid === now.uid) return { answer: "own-request" };
  const next: Reset = { ...now, state: "approved", approvedBy: by.uid, approvedAt: by.at };
  return { next, answer: next };
};

/** The hold begins, at the time that everybody was told of. */
export const hold = (now: Recovery | undefined, by: { round: string; runsAt: EpochMs }): Step<Reset | undefined> => {
  if (now?.kind !== "reset" || now.round !== by.round || now.state !== "approved") return { answer: undefined };
  const next: Reset = { ...now, state: "held", runsAt: by.runsAt };
  return { next, answer: next };
};

/** The hold is over. Judged by the stored time alone, whenever this is asked. */
export const release = (now: Recovery | undefined, by: { round: string; at: EpochMs }): Step<Reset | undefined> => {
  if (now?.kind !== "reset" || now.round !== by.round || now.state !== "held") return { answer: undefined };
  if (now.runsAt === undefined || by.at < now.runsAt) return { answer: undefined };
  const next: Reset = { ...now, state: "proven", provenAt: by.at, evidence: ["two-administrators"] };
  return { next, answer: next };
};

/** Stops it. Once it is proven there is nothing left to stop. */
export const cancel = (now: Recovery | undefined, by: { round?: string; at: EpochMs }): Step<Recovery | undefined> => {
  if (now === undefined || (by.round !== undefined && now.round !== by.round)) return { answer: undefined };
  if (!isStoppable(now, by.at)) return { answer: undefined };
  return { next: { ...now, state: "cancelled", endedAt: by.at }, answer: now };
};

/** Everything is done. */
export const finish = (now: Recovery | undefined, by: { round: string; at: EpochMs }): Step<boolean> =>
  now?.round === by.round && now.state === "proven"
    ? { next: { ...now, state: "done", endedAt: by.at }, answer: true }
    : { answer: false };

/** A request that nobody approved in time. */
export const lapse = (now: Recovery | undefined, by: { round: string; at: EpochMs }): Step<boolean> =>
  now?.round === by.round && now.state === "requested" && by.at >= now.expiresAt
    ? { next: { ...now, state: "cancelled", endedAt: by.at }, answer: true }
    : { answer: false };

/** Compares hashes in a time that tells nothing. */
export const sameHash = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a, "base64url"), Buffer.from(b, "base64url")];
  return x.length > 0 && x.length === y.length && timingSafeEqual(x, y);
};
