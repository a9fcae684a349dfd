import { config } from "../../config.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Assurance, Scope, Session, StepUpMark } from "../../platform/session.js";

export const ACCOUNTS = "secUsers";

/** The document `secUsers/{uid}`: an account's security settings. The person may read it. */
export interface Account {
  readonly roles: readonly string[];
  /** A mirror for the person and the rules; the factor ledger is the truth. */
  readonly mfaEnabled: boolean;
  readonly loginNotifications: boolean;
  readonly createdAt: EpochMs;
  /** Grows whenever a factor comes or goes. */
  readonly factorsEpoch: number;
  readonly lastSignInAt: EpochMs;
  /** Grows with every change of roles: a session whose own is lower has roles of the past. */
  readonly rolesEpoch: number;
  /** Sessions ever started. */
  readonly signIns: number;
  /** Sign-ins made before this cannot start a session. */
  readonly signedOutAt?: EpochMs;
}

export const newAccount = (at: EpochMs): Account => ({
  roles: ["user"],
  mfaEnabled: false,
  loginNotifications: true,
  createdAt: at,
  factorsEpoch: 0,
  rolesEpoch: 0,
  signIns: 0,
  lastSignInAt: at,
});

/** The account after one more sign-in. A role given before the first one leaves a document with nothing else in it. */
export const afterSignIn = (account: Partial<Account> | undefined, at: EpochMs): Account => ({
  ...newAccount(at),
  ...account,
  lastSignInAt: at,
  // Always new: a write that changes nothing would not be seen by whoever waits for this account to change.
  signIns: (account?.signIns ?? 0) + 1,
});

export interface StoredSession extends Session {
  /** Detection's decision, under which the sign-in is learned when it stood. */
  readonly decisionId: string;
  /** Public name, such as `owner` or `blocked`. */
  readonly revokedBecause?: string;
}

/** What `StoredSession.v` is now. */
export const SESSION_VERSION = 2;

export type StartOutcome =
  | {
      readonly outcome: "started";
      readonly session: StoredSession;
      /** This was the account's first session. */
      readonly prepared: boolean;
      /** The sign-in before this one; absent at the first. */
      readonly lastSignInAt?: EpochMs;
    }
  | { readonly outcome: "exists"; readonly session: StoredSession }
  | { readonly outcome: "signed-out" };

/** What a second factor adds to a session. */
export interface Raise {
  readonly uid: string;
  /** Absent: assurance is raised, but no guarded action is opened. */
  readonly scope?: Scope;
  /** Hash of what is approved: the step-up counts once, and for nothing else. */
  readonly transaction?: string;
  /** Least assurance that it reaches. Default 2. 1: only the demand of its risk is met; no assurance is reached, no scope opened. */
  readonly assurance?: Assurance;
  readonly at: EpochMs;
  /** RFC 8176 names. */
  readonly amr: readonly string[];
}

/** What a transition answers, and the fields it changes; without `next` nothing is written. */
export interface SessionStep<Answer> {
  readonly answer: Answer;
  readonly next?: Partial<StoredSession>;
}

/** The writing side of sessions and of the accounts they belong to. */
export interface SessionStore {
  find(sid: string): Promise<StoredSession | undefined>;
  account(uid: string): Promise<Account | undefined>;
  /**
   * Creates the session, and the account's settings when this is its first. A `sid` is created once, ever. Cannot slip past
   * a sign-out of all sessions: either that one sees this session, or this one sees that sign-out.
   */
  start(by: {
    uid: string;
    sid: string;
    signedInAt: EpochMs;
    at: EpochMs;
    build: (account: Account) => StoredSession;
  }): Promise<StartOutcome>;
  /** Assurance 2 and the step-up for the scope, at once. Undefined when the session was revoked or is not this account's. */
  raise(sid: string, raise: Raise): Promise<StoredSession | undefined>;
  /**
   * Applies one transition to a live session, all or nothing, on what it is at that moment. Undefined when there is no live
   * session with this id. Another writer's win runs the transition again.
   */
  change<Answer>(
    sid: string,
    now: EpochMs,
    transition: (session: StoredSession) => SessionStep<Answer>,
  ): Promise<Answer | undefined>;
  /** False when there is no live session of that account with this id. */
  revoke(sid: string, by: { uid: string; at: EpochMs; because: string }): Promise<boolean>;
  /** Ends all live sessions but `except`, and bars sign-ins made before `at` from starting one. Answers how many ended. */
  signOut(uid: string, by: { at: EpochMs; because: string; except?: string }): Promise<number>;
  /** Neither revoked nor expired at `now`. */
  listLive(uid: string, now: EpochMs): Promise<StoredSession[]>;
}

export const isLive = (session: Session, now: EpochMs): boolean =>
  session.revokedAt === undefined && now < session.absoluteExpiresAt && now < session.idleExpiresAt;

/** The fields that a second factor changes. */
export const raised = (session: StoredSession, { scope, transaction, assurance = 2, at, amr }: Raise) => {
  if (assurance === 1) return { amr: [...new Set([...session.amr, ...amr])], stepUpRequired: false };
  const mark: StepUpMark = { at, ...(transaction !== undefined && { transaction }) };
  return {
    aal: session.aal > assurance ? session.aal : assurance,
    amr: [...new Set([...session.amr, ...amr, "mfa"])],
    mfaAt: at,
    // Whoever calls names the scope: marks that count no more make room.
    stepUp: { ...freshMarks(session.stepUp, at), ...(scope !== undefined && { [scope]: mark }) },
    stepUpRequired: false,
  };
};

const freshMarks = (marks: Session["stepUp"], now: EpochMs): Session["stepUp"] =>
  Object.fromEntries(Object.entries(marks).filter(([, { at }]) => now - at < config.session.stepUpMs));

/** @param accounts shared with a test that looks at them */
export const memorySessionStore = (accounts = new Map<string, Account>()): SessionStore => {
  const sessions = new Map<string, StoredSession>();
  const live = (uid: string, now: EpochMs) =>
    [...sessions.values()].filter((each) => each.uid === uid && isLive(each, now));
  const end = (session: StoredSession, at: EpochMs, because: string) =>
    void sessions.set(session.sid, { ...session, revokedAt: at, revokedBecause: because });
  return {
    find: (sid) => Promise.resolve(sessions.get(sid)),
    account: (uid) => Promise.resolve(accounts.get(uid)),
    start: ({ uid, sid, signedInAt, at, build }) => {
      const known = sessions.get(sid);
      if (known !== undefined) return Promise.resolve({ outcome: "exists", session: known });
      const account = accounts.get(uid);
      if (signedInAt < (account?.signedOutAt ?? 0)) return Promise.resolve({ outcome: "signed-out" });
      const current = afterSignIn(account, at);
      const session = build(current);
      accounts.set(uid, current);
      sessions.set(sid, session);
      return Promise.resolve({
        outcome: "started",
        session,
        prepared: account === undefined,
        ...(account !== undefined && { lastSignInAt: account.lastSignInAt }),
      });
    },
    change: (sid, now, transition) => {
      const session = sessions.get(sid);
      if (session === undefined || !isLive(session, now)) return Promise.resolve(undefined);
      const { answer, next } = transition(session);
      if (next !== undefined) sessions.set(sid, { ...session, ...next });
      return Promise.resolve(answer);
    },
    raise: (sid, raise) => {
      const session = sessions.get(sid);
      if (session?.uid !== raise.uid || session.revokedAt !== undefined) return Promise.resolve(undefined);
      const next = { ...session, ...raised(session, raise) };
      sessions.set(sid, next);
      return Promise.resolve(next);
    },
    revoke: (sid, { uid, at, because }) => {
      const session = sessions.get(sid);
      if (session?.uid !== uid || !isLive(session, at)) return Promise.resolve(false);
      end(session, at, because);
      return Promise.resolve(true);
    },
    signOut: (uid, { at, because, except }) => {
      const account = accounts.get(uid);
      if (account !== undefined) accounts.set(uid, { ...account, signedOutAt: at });
      const ending = live(uid, at).filter((session) => session.sid !== except);
      for (const session of ending) end(session, at, because);
      return Promise.resolve(ending.length);
    },
    listLive: (uid, now) => Promise.resolve(live(uid, now)),
  };
};
