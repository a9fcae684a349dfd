import { isDomainError } from "../../kernel/errors.js";
import { encryptionError } from "../errors.js";

/** Whether KMS or the keys could not be reached. A refusal (key disabled, permission gone) is an answer, and no outage. */
export const isOutage = (error: unknown): boolean =>
  isDomainError(error, "encryption/kms-unavailable") || isDomainError(error, "encryption/keys-unavailable");

/** For `.catch` of a key store's promise. */
export const unreadable = (cause: unknown): never => {
  throw encryptionError("keys-unavailable", { cause });
};
