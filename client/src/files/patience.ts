import { FirekeepError, isFirekeepError } from "../error.ts";

/** How failures of the network and the server are waited out. */
export interface Patience {
  /** Attempts in all, without one that brought anything. Default 8: with the default waits, about a minute. */
  readonly attempts?: number;
  /** First wait, milliseconds; each is twice the one before, at most 30 s, less up to half of it by chance. Default 500. */
  readonly firstWaitMs?: number;
}

/**
 * Runs `attempt` until it succeeds, while its failures are ones that pass: no network, 429, 5xx.
 *
 * @throws FirekeepError what does not pass as it is; `client/transfer-interrupted`, `client/transfer-stopped`
 */
export const patiently = async <Result>(
  attempt: () => Promise<Result>,
  { attempts = 8, firstWaitMs = 500, signal }: Patience & { readonly signal?: AbortSignal | undefined },
): Promise<Result> => {
  for (let made = 1; ; made += 1) {
    try {
      if (signal?.aborted === true) throw stopped();
      return await attempt();
    } catch (error) {
      if (signal?.aborted === true) throw stopped();
      if (!passes(error)) throw error;
      if (made >= attempts) throw interrupted(error);
      await pause(Math.max(waitFor(made, firstWaitMs), waitAsked(error)), signal);
    }
  }
};

export const stopped = (): FirekeepError =>
  new FirekeepError("client/transfer-stopped", "The transfer was stopped.", {}, undefined);

/** Whether it may be tried again as it is: the connection failed, or the server said so. */
export const passes = (error: unknown): boolean => {
  if (!isFirekeepError(error)) return false;
  const { status } = error.details;
  return typeof status === "number" ? status === 429 || status >= 500 : CALLS.has(error.code);
};

// How this client, the Firebase SDK and Firekeep name it.
const CALLS = new Set([
  "client/no-connection",
  "functions/unavailable",
  "functions/internal",
  "functions/deadline-exceeded",
  "request/unavailable",
]);

/** For `.catch`: fetch says no more of a failed connection than that. */
export const noConnection = (cause: unknown): never => {
  throw new FirekeepError("client/no-connection", "The connection failed.", {}, cause);
};

const interrupted = (cause: unknown): FirekeepError =>
  new FirekeepError(
    "client/transfer-interrupted",
    "The connection failed for too long. What has arrived is kept: try again.",
    isFirekeepError(cause) ? { why: cause.code } : {},
    cause,
  );

const LONGEST_MS = 30_000;

const waitFor = (made: number, firstMs: number): number => {
  const [chance = 0] = crypto.getRandomValues(new Uint32Array(1));
  return Math.min(LONGEST_MS, firstMs * 2 ** (made - 1)) * (1 - chance / 2 ** 33);
};

const waitAsked = (error: unknown): number => {
  const asked = isFirekeepError(error) ? error.details["retryAfterMs"] : 0;
  return typeof asked === "number" && asked > 0 ? Math.min(asked, LONGEST_MS) : 0;
};

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
