/** A refused call. `code` is for programs (`<domain>/<name>`), `message` for people, `details` names what is needed. */
export class FirekeepError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>>, cause: unknown) {
    super(message, { cause });
    this.name = "FirekeepError";
    this.code = code;
    this.details = details;
  }
}

export const isFirekeepError = (error: unknown, code?: string): error is FirekeepError =>
  error instanceof FirekeepError && (code === undefined || error.code === code);

/** Reads the public code out of the SDK's error; an error without one (no network, App Check) keeps the SDK's code. */
export const toFirekeepError = (error: unknown): FirekeepError => {
  const { code, message, details } = error as { code?: string; message?: string; details?: unknown };
  const { code: inner, ...rest } = (typeof details === "object" && details !== null ? details : {}) as Record<
    string,
    unknown
  >;
  return new FirekeepError(
    typeof inner === "string" ? inner : (code ?? "unknown"),
    message ?? "The call failed.",
    rest,
    error,
  );
};
