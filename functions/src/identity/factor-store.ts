import type { EpochMs } from "../kernel/time.js";
import * as ledger from "./factors.js";
import type { Factors, Method, PendingTotp, Step, TakenAttempt } from "./factors.js";

/** Second factors, in verbs that are atomic each: two that race never both win. */
export interface FactorStore {
  find(uid: string): Promise<Factors | undefined>;
  /** Spends one attempt before any code is looked at. */
  takeAttempt(uid: string, method: Method, at: EpochMs): Promise<TakenAttempt>;
  beginTotp(uid: string, pending: PendingTotp): Promise<undefined>;
  /** Makes the pending set-up the factor, and switches `mfaEnabled` of the account on in the same commit. */
  activateTotp(
    uid: string,
    by: { pendingId: string; step: number; hashes: readonly Uint8Array[]; at: EpochMs },
  ): Promise<boolean>;
  /** Uses up a time step; false when it or a later one was used. */
  acceptStep(uid: string, factorId: string, step: number): Promise<boolean>;
  /** Uses up a backup code; answers how many are left, undefined when there is no such code. */
  spendCode(uid: string, hash: Uint8Array): Promise<number | undefined>;
  replaceCodes(uid: string, hashes: readonly Uint8Array[], at: EpochMs): Promise<boolean>;
  /** Removes the authenticator app and the codes, and switches `mfaEnabled` of the account off in the same commit. */
  removeTotp(uid: string): Promise<boolean>;
}

/** Applies one transition to one account's ledger, all or nothing, on what the ledger is at that moment. */
export interface FactorLedger {
  readonly find: (uid: string) => Promise<Factors | undefined>;
  readonly apply: <Answer>(uid: string, transition: (now: Factors) => Step<Answer>) => Promise<Answer>;
}

export const factorStore = ({ find, apply }: FactorLedger): FactorStore => ({
  find,
  takeAttempt: (uid, method, at) => apply(uid, (factors) => ledger.takeAttempt(factors, method, at)),
  beginTotp: (uid, pending) => apply(uid, (factors) => ledger.beginTotp(factors, pending)),
  activateTotp: (uid, by) => apply(uid, (factors) => ledger.activateTotp(factors, by)),
  acceptStep: (uid, factorId, step) => apply(uid, (factors) => ledger.acceptStep(factors, factorId, step)),
  spendCode: (uid, hash) => apply(uid, (factors) => ledger.spendCode(factors, hash)),
  replaceCodes: (uid, hashes, at) => apply(uid, (factors) => ledger.replaceCodes(factors, hashes, at)),
  removeTotp: (uid) => apply(uid, ledger.removeTotp),
});

/** @param mfaChanged told when an account gains its first factor or loses its last */
export const memoryFactorStore = (
  mfaChanged: (uid: string, enabled: boolean) => void = () => undefined,
): FactorStore => {
  const ledgers = new Map<string, Factors>();
  return factorStore({
    find: (uid) => Promise.resolve(ledgers.get(uid)),
    apply: (uid, transition) => {
      const before = ledgers.get(uid) ?? ledger.NO_FACTORS;
      const { answer, next } = transition(before);
      if (next !== undefined) ledgers.set(uid, next);
      if (next !== undefined && hasFactor(next) !== hasFactor(before)) mfaChanged(uid, hasFactor(next));
      return Promise.resolve(answer);
    },
  });
};

export const hasFactor = (factors: Factors | undefined): boolean => factors?.totp !== undefined;
