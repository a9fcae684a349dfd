import type { EpochMs } from "../../kernel/time.js";
import * as ledger from "./factors.js";
import { hasFactor, type CodeMethod, type Factors, type PendingTotp, type Step, type TakenAttempt } from "./factors.js";
import * as passkeys from "./passkey-ledger.js";
import type { Passkey } from "./passkey.js";
import type { AddedPasskey, Used } from "./passkey-ledger.js";
import { resetFactors, type Lost, type ResetAnswer } from "./reset-ledger.js";

export { hasFactor } from "./factors.js";

/** Second factors, in verbs that are atomic each: two that race never both win. */
export interface FactorStore {
  find(uid: string): Promise<Factors | undefined>;
  /** Spends one attempt before any code is looked at. */
  takeAttempt(uid: string, method: CodeMethod, at: EpochMs): Promise<TakenAttempt>;
  beginTotp(uid: string, pending: PendingTotp): Promise<undefined>;
  /**
   * Makes the pending set-up the factor, and switches `mfaEnabled` of the account on in the same commit. The hashes of backup
   * codes count only when the account has no other factor. Undefined when another was quicker.
   */
  activateTotp(
    uid: string,
    by: { pendingId: string; step: number; hashes: readonly Uint8Array[]; at: EpochMs },
  ): Promise<{ codesMade: boolean } | undefined>;
  /** Uses up a time step; false when it or a later one was used. */
  acceptStep(uid: string, factorId: string, step: number): Promise<boolean>;
  /** Uses up a backup code; answers how many are left, undefined when there is no such code. */
  spendCode(uid: string, hash: Uint8Array): Promise<number | undefined>;
  replaceCodes(uid: string, hashes: readonly Uint8Array[], at: EpochMs): Promise<boolean>;
  /** Removes the authenticator app; when it was the last factor, also the codes and `mfaEnabled`, in the same commit. */
  removeTotp(uid: string): Promise<boolean>;
  /** The account's user handle; `drawn` becomes it when there is none yet. */
  userHandle(uid: string, drawn: string): Promise<string>;
  /** Whose passkey this is; undefined when it is nobody's. */
  ownerOf(credentialId: string): Promise<string | undefined>;
  /** Adds it, and claims its credential id among all accounts in the same commit. */
  addPasskey(uid: string, by: { passkey: Passkey; hashes: readonly Uint8Array[] }): Promise<AddedPasskey>;
  /** Counts a use whose signature was right. A counter that did not grow is refused, and marked as a sign of a clone. */
  usePasskey(uid: string, use: { id: string; counter: number; backedUp: boolean; at: EpochMs }): Promise<Used>;
  /** False when the account has no such passkey. */
  renamePasskey(uid: string, id: string, name: string): Promise<boolean>;
  /** Removes it and its claim in one commit; when it was the last factor, also the codes and `mfaEnabled`. */
  removePasskey(uid: string, id: string): Promise<boolean>;
  /**
   * What a recovery does: the lost factors, all backup codes and every set-up begun go in one commit, as far as they are not
   * younger than `before`. Doing it again changes nothing.
   */
  reset(uid: string, lost: Lost & { before: EpochMs }): Promise<ResetAnswer>;
}

/** Applies one transition to one account's ledger, all or nothing, on what the ledger is at that moment. */
export interface FactorLedger {
  readonly find: (uid: string) => Promise<Factors | undefined>;
  readonly ownerOf: (credentialId: string) => Promise<string | undefined>;
  readonly apply: <Answer>(uid: string, transition: (now: Factors) => Step<Answer>) => Promise<Answer>;
}

export const factorStore = ({ find, ownerOf, apply }: FactorLedger): FactorStore => ({
  find,
  ownerOf,
  takeAttempt: (uid, method, at) => apply(uid, (factors) => ledger.takeAttempt(factors, method, at)),
  beginTotp: (uid, pending) => apply(uid, (factors) => ledger.beginTotp(factors, pending)),
  activateTotp: (uid, by) => apply(uid, (factors) => ledger.activateTotp(factors, by)),
  acceptStep: (uid, factorId, step) => apply(uid, (factors) => ledger.acceptStep(factors, factorId, step)),
  spendCode: (uid, hash) => apply(uid, (factors) => ledger.spendCode(factors, hash)),
  replaceCodes: (uid, hashes, at) => apply(uid, (factors) => ledger.replaceCodes(factors, hashes, at)),
  removeTotp: (uid) => apply(uid, ledger.removeTotp),
  userHandle: (uid, drawn) => apply(uid, (factors) => passkeys.userHandle(factors, drawn)),
  addPasskey: (uid, by) => apply(uid, (factors) => passkeys.addPasskey(factors, by)),
  usePasskey: (uid, use) => apply(uid, (factors) => passkeys.usePasskey(factors, use)),
  renamePasskey: (uid, id, name) => apply(uid, (factors) => passkeys.renamePasskey(factors, id, name)),
  removePasskey: (uid, id) => apply(uid, (factors) => passkeys.removePasskey(factors, id)),
  reset: (uid, lost) => apply(uid, (factors) => resetFactors(factors, lost)),
});

/** @param mfaChanged told when an account gains its first factor or loses its last */
export const memoryFactorStore = (
  mfaChanged: (uid: string, enabled: boolean) => void = () => undefined,
): FactorStore => {
  const ledgers = new Map<string, Factors>();
  const owners = new Map<string, string>();
  return factorStore({
    find: (uid) => Promise.resolve(ledgers.get(uid)),
    ownerOf: (credentialId) => Promise.resolve(owners.get(credentialId)),
    apply: (uid, transition) => {
      const before = ledgers.get(uid) ?? ledger.NO_FACTORS;
      const { answer, next, taken } = transition(before);
      if (next === undefined) return Promise.resolve(answer);
      const { added, removed } = passkeys.claims(before, next);
      if (taken !== undefined && added.some((id) => owners.has(id))) return Promise.resolve(taken);
      for (const id of added) owners.set(id, uid);
      for (const id of removed) owners.delete(id);
      ledgers.set(uid, next);
      if (hasFactor(next) !== hasFactor(before)) mfaChanged(uid, hasFactor(next));
      return Promise.resolve(answer);
    },
  });
};
