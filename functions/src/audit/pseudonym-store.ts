/** Random names of data subjects, held apart from the log: dropping one unlinks everything logged under it. */
export interface PseudonymStore {
  /** The subject's pseudonym; `candidate` becomes it, atomically, when there is none yet. */
  findOrCreate(uid: string, candidate: string): Promise<string>;
  /** Drops it for ever. Dropping what is not there is fine. */
  drop(uid: string): Promise<void>;
}

export const memoryPseudonymStore = (): PseudonymStore => {
  const names = new Map<string, string>();
  return {
    findOrCreate: (uid, candidate) => {
      const name = names.get(uid) ?? candidate;
      names.set(uid, name);
      return Promise.resolve(name);
    },
    drop: (uid) => {
      names.delete(uid);
      return Promise.resolve();
    },
  };
};
