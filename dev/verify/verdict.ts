/** What a verification found. It holds only if `problems` is empty. */
export interface Verdict {
  /** Facts that were checked, one sentence each. */
  readonly facts: readonly string[];
  readonly problems: readonly string[];
  /** What was not proven although nothing is wrong. */
  readonly warnings: readonly string[];
}

export const NO_TRUSTED_KEY =
  "No trusted key was given (--key): the file agrees with the key inside itself, which whoever made the file could have made too.";
