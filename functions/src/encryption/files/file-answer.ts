import { DomainError, type Status } from "../../kernel/errors.js";
import { SECOND } from "../../kernel/time.js";
import { requestError } from "../../platform/errors.js";
import { describeError, log } from "../../platform/log.js";

/** What the HTTPS functions of files answer. */
export interface FileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | AsyncIterable<Uint8Array> | undefined;
}

/** Nothing of a file stays in a cache, and nothing is run, framed or guessed at by a browser. */
export const SAFE_HEADERS = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  // Pages of other origins may read it where CORS lets them, and embed it nowhere.
  "cross-origin-resource-policy": "cross-origin",
  "access-control-expose-headers": "accept-ranges, content-length, content-range, etag, retry-after",
} as const;

export const fileAnswer = (
  status: number,
  body: FileAnswer["body"],
  headers: Readonly<Record<string, string>> = {},
): FileAnswer => ({ status, body, headers: { ...SAFE_HEADERS, ...headers } });

/** The public answer to whatever went wrong; the cause is logged. */
export const refuse = (call: string, error: unknown): FileAnswer => {
  const known = error instanceof DomainError ? error : requestError("internal", { cause: error });
  const { code, message, details } = known;
  const status = BY_CODE[code] ?? BY_STATUS[known.status];
  log(status >= 500 ? "ERROR" : "INFO", "file refused", { call, code, ...describeError(known) });
  const wait = details["retryAfterMs"];
  const headers = typeof wait === "number" ? { "retry-after": String(Math.ceil(wait / SECOND)) } : {};
  return fileAnswer(status, { error: { code, message, details } }, headers);
};

const BY_STATUS: Readonly<Record<Status, number>> = {
  "invalid-argument": 400,
  "failed-precondition": 409,
  "not-found": 404,
  "already-exists": 409,
  "permission-denied": 403,
  unauthenticated: 401,
  "resource-exhausted": 429,
  unavailable: 503,
  aborted: 503, // the same again will do
  internal: 500,
};

const BY_CODE: Readonly<Record<string, number>> = {
  "encryption/digest-wrong": 422,
  "encryption/range-wrong": 416,
  "encryption/key-missing": 410,
  "encryption/undecryptable": 500,
};
