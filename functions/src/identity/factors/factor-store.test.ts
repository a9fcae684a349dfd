import { factorStoreContract } from "./factor-store.contract.js";
import { memoryFactorStore } from "./factor-store.js";
import { newAccount, type Account } from "../sessions/session-store.js";

factorStoreContract("memory", () => {
  const accounts = new Map<string, Account>();
  return {
    factors: memoryFactorStore((uid, mfaEnabled) => void accounts.set(uid, { ...newAccount(0), mfaEnabled })),
    newAccount: () => {
      const uid = `user-${String(accounts.size)}`;
      accounts.set(uid, newAccount(0));
      return Promise.resolve(uid);
    },
    account: (uid) => Promise.resolve(accounts.get(uid)),
  };
});
