import { AsyncLocalStorage } from "node:async_hooks";
import type { Firestore } from "firebase-admin/firestore";

const transaction = new AsyncLocalStorage<true>();

/** Whether this runs inside a Firestore transaction, which may be tried many times and holds locks while it waits. */
export const isInTransaction = (): boolean => transaction.getStore() === true;

/** Has this database's transactions say so to what they call. */
export const watchTransactions = (firestore: Firestore): Firestore => {
  const run = firestore.runTransaction.bind(firestore);
  firestore.runTransaction = (work, options) => run((each) => transaction.run(true, () => work(each)), options);
  return firestore;
};
