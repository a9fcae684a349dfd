import { verify } from "node:crypto";
import { readKey } from "./keys.ts";
import { NO_TRUSTED_KEY, type Verdict } from "./verdict.ts";

export interface SignedStatement {
  readonly statement: Readonly<Record<string, unknown>>;
  readonly signature: string;
  readonly algorithm: string;
  readonly publicKey: string;
}

/** Checks a signed statement, such as an erasure receipt, and tells what it states. */
export const verifyReceipt = (signed: SignedStatement, trustedKey?: string): Verdict => {
  const warnings = trustedKey === undefined ? [NO_TRUSTED_KEY] : [];
  const key = readKey(trustedKey ?? signed.publicKey);
  const bytes = Buffer.from(canonical(signed.statement), "utf8");
  const isSigned =
    signed.algorithm === "Ed25519" && verify(null, bytes, key, Buffer.from(signed.signature, "base64url"));
  if (!isSigned) {
    return {
      facts: [],
      problems: ["The statement is not signed by this key: it was changed, or another key signed it."],
      warnings,
    };
  }
  return {
    facts: Object.entries(signed.statement).map(([name, value]) => `${name}: ${canonical(value)}`),
    problems: [],
    warnings,
  };
};

/** The signed statement in a file's JSON: alone, or under `receipt` as the receipt's address answers it. */
export const findStatement = (value: unknown): SignedStatement | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const row = value as Readonly<Record<string, unknown>>;
  const isSigned = typeof row["statement"] === "object" && row["statement"] !== null;
  if (isSigned && typeof row["signature"] === "string" && typeof row["publicKey"] === "string")
    return value as SignedStatement;
  return findStatement(row["receipt"]);
};

/** RFC 8785 for the values that statements hold: keys in code-unit order, no spaces. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
};
