import { isInTransaction } from "../../platform/transactions.js";
import { encryptionError } from "../errors.js";

/**
 * Something that fetches keys, but never inside a Firestore transaction: KMS would be asked again at every retry, and documents
 * would stay locked while it answers. What is in memory already is used without it. The check comes before any flight that
 * others join.
 *
 * @throws encryption/kms-in-transaction
 */
export const outsideTransactions = <Fetcher extends { warm(...asked: never[]): Promise<unknown> }>(
  fetcher: Fetcher,
): Fetcher => ({
  ...fetcher,
  warm: (...asked: Parameters<Fetcher["warm"]>) =>
    isInTransaction() ? Promise.reject(encryptionError("kms-in-transaction")) : fetcher.warm(...asked),
});
