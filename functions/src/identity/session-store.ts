import type { EpochMs } from "../kernel/time.js";
import type { Scope, Session } from "../platform/session.js";

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
  /** Sign-ins made before this cannot start a session. */
  readonly signedOutAt?: EpochMs;
}

export const newAccount = (at: EpochMs): Account => ({
  roles: ["user"],
  mfaEnabled: false,
  loginNotifications: true,
  createdAt: at,
  factorsEpoch: 0,
  lastSignInAt: at,
});

export interface StoredSession extends Session {
  /** Detection's decision, under which the sign-in is learned when it stood. */
  readonly decisionId: string;
  /** Public name, such as `owner` or `blocked`. */
  readonly revokedBecause?: string;
}

export type StartOutcome =
  | { readonly outcome: "started"; readonly session: StoredSession; readonly prepared: boolean }
  | { readonly outcome: "exists"; readonly session: StoredSession }
  | { readonly outcome: "signed-out" };

/** What a second factor adds to a session. */
export interface Raise {
  readonly uid: string;
  /** Absent: assurance is raised, but no guarded action is opened. */
  readonly scope?: Scope;
  readonly at: EpochMs;
  /** RFC 8176 names. */
  readonly amr: readonly string[];
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
export const raised = (session: StoredSession, { scope, at, amr }: Raise) => ({
  aal: session.aal > 2 ? session.aal : (2 as const),
  amr: [...new Set([...session.amr, ...amr, "mfa"])],
  mfaAt: at,
  stepUp: scope === undefined ? session.stepUp : { ...session.stepUp, [scope]: at },
  stepUpRequired: false,
});

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
      const current = { ...(account ?? newAccount(at)), lastSignInAt: at };
      const session = build(current);
      accounts.set(uid, current);
      sessions.set(sid, session);
      return Promise.resolve({ outcome: "started", session, prepared: account === undefined });
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
