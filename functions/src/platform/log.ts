import { write } from "firebase-functions/logger";
import { DomainError } from "../kernel/errors.js";

export type LogLevel = "DEBUG" | "INFO" | "NOTICE" | "WARNING" | "ERROR" | "CRITICAL" | "EMERGENCY";

/** Writes one structured line to Cloud Logging. Fields: no secret, code, token or personal datum. */
export const log = (severity: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
  write({ severity, message, ...fields });
};

/** What may be logged of a failure: names and messages down the chain of causes, never arguments or payloads. */
export const describeError = (error: unknown): { chain: string[] } => {
  const chain: string[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < 5; at = at.cause) {
    chain.push(at instanceof DomainError ? `${at.code}: ${at.message}` : `${at.name}: ${at.message}`);
  }
  return { chain: chain.length > 0 ? chain : [typeof error] };
};
