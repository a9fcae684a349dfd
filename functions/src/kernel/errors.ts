/** Canonical status of a failed call, as Firebase callables transport it (google.rpc.Code in lower case). */
export type Status =
  | "invalid-argument"
  | "failed-precondition"
  | "not-found"
  | "already-exists"
  | "permission-denied"
  | "unauthenticated"
  | "resource-exhausted"
  | "unavailable"
  | "aborted"
  | "internal";

/** What a caller may see beside the sentence: never a secret, a token, an address or another person's datum. */
export type PublicDetails = Readonly<Record<string, unknown>>;

/** The one error class. `message` and `details` are public; `cause` is logged and never sent. */
export class DomainError extends Error {
  readonly code: string;
  readonly status: Status;
  readonly details: PublicDetails;

  constructor(row: { code: string; status: Status; message: string; details?: PublicDetails; cause?: unknown }) {
    super(row.message, row.cause === undefined ? undefined : { cause: row.cause });
    this.name = "DomainError";
    this.code = row.code;
    this.status = row.status;
    this.details = row.details ?? {};
  }
}

export type ErrorTable = Readonly<Record<string, readonly [Status, string]>>;

/**
 * A domain's table of errors: `name: [status for transport, sentence for people]`.
 * The code for programs is `<domain>/<name>`.
 */
export const defineErrors =
  <Table extends ErrorTable>(domain: string, table: Table) =>
  (name: keyof Table & string, extra: { details?: PublicDetails; cause?: unknown } = {}): DomainError => {
    const row = table[name];
    if (row === undefined) throw new TypeError(`${domain} has no error "${name}"`);
    return new DomainError({ code: `${domain}/${name}`, status: row[0], message: row[1], ...extra });
  };

/** Whether `error` is the domain error with this code, such as `identity/code-rejected`. */
export const isDomainError = (error: unknown, code?: string): error is DomainError =>
  error instanceof DomainError && (code === undefined || error.code === code);
