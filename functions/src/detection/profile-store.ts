import { addSignIn, emptyProfile, type RiskProfile, type SignInTrace } from "./profile.js";

export interface ProfileStore {
  find(uid: string): Promise<RiskProfile | undefined>;
  /** Adds one sign-in atomically; twice with the same decision is once. @throws detection/contended */
  add(uid: string, trace: SignInTrace): Promise<void>;
}

export const memoryProfileStore = (): ProfileStore => {
  const profiles = new Map<string, RiskProfile>();
  return {
    find: (uid) => Promise.resolve(profiles.get(uid)),
    add: (uid, trace) => {
      profiles.set(uid, addSignIn(profiles.get(uid) ?? emptyProfile(uid), trace));
      return Promise.resolve();
    },
  };
};
