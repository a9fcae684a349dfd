import type { EpochMs } from "../../kernel/time.js";

/** Something that was asked of somebody and is answered once: a passkey challenge, a mailed code, a link. */
export interface Challenge {
  /** What it is for, such as `passkey.sign-in`; an answer for anything else is refused. */
  readonly purpose: string;
  /** The account; absent where it is not known yet. */
  readonly uid?: string;
  /** The session it was asked in; absent where there is none. */
  readonly sid?: string;
  /** Wrong answers so far. */
  readonly attempts: number;
  readonly expiresAt: EpochMs;
  /** What the purpose needs to judge the answer: hashes, never a code itself. Flat: strings, numbers, booleans. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Challenges, in verbs that are atomic each. The Firestore one keeps them in `secChallenges/{id}`. */
export interface ChallengeStore {
  /** @throws when the id is taken */
  put(id: string, challenge: Challenge): Promise<void>;
  /** Undefined when there is none, or it has expired. */
  find(id: string, now: EpochMs): Promise<Challenge | undefined>;
  /** Takes it away. Of all that try, one gets it; undefined for the others, and when it has expired. */
  consume(id: string, now: EpochMs): Promise<Challenge | undefined>;
  /** Counts an attempt before any answer is looked at. Undefined when there is none, it has expired, or `limit` are spent. */
  spendAttempt(id: string, limit: number, now: EpochMs): Promise<Challenge | undefined>;
  /** Names the account of one that was asked before it was known. False when there is none, or it has expired. */
  assign(id: string, uid: string, now: EpochMs): Promise<boolean>;
}

export const memoryChallengeStore = (): ChallengeStore => {
  const challenges = new Map<string, Challenge>();
  const live = (id: string, now: EpochMs): Challenge | undefined => {
    const found = challenges.get(id);
    return found !== undefined && now < found.expiresAt ? found : undefined;
  };
  return {
    put: (id, challenge) => {
      if (challenges.has(id)) return Promise.reject(new Error("this challenge exists already"));
      challenges.set(id, challenge);
      return Promise.resolve();
    },
    find: (id, now) => Promise.resolve(live(id, now)),
    consume: (id, now) => {
      const found = live(id, now);
      challenges.delete(id);
      return Promise.resolve(found);
    },
    spendAttempt: (id, limit, now) => {
      const found = live(id, now);
      if (found === undefined || found.attempts >= limit) return Promise.resolve(undefined);
      const spent = { ...found, attempts: found.attempts + 1 };
      challenges.set(id, spent);
      return Promise.resolve(spent);
    },
    assign: (id, uid, now) => {
      const found = live(id, now);
      if (found !== undefined) challenges.set(id, { ...found, uid });
      return Promise.resolve(found !== undefined);
    },
  };
};
