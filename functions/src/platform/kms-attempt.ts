import { setTimeout as delay } from "node:timers/promises";
import { isDomainError } from "../kernel/errors.js";
import { fromGrpc, kmsError } from "./kms-errors.js";

/**
 * Runs one KMS call with at most two retries of what may pass (unreachable, answer damaged), all within `timeoutMs`. The
 * client's own budget is 600 s; and its deadline does not cover fetching a token or making the channel, ours does.
 */
export const attemptKms = async <Answer>(
  timeoutMs: number,
  call: (leftMs: number) => Promise<Answer>,
): Promise<Answer> => {
  const deadline = performance.now() + timeoutMs;
  for (const pauseMs of PAUSES_MS) {
    try {
      return await once(deadline, call);
    } catch (error) {
      const passing =
        isDomainError(error, "encryption/kms-unavailable") || isDomainError(error, "encryption/kms-corrupt");
      if (!passing || performance.now() + pauseMs >= deadline) throw error;
      await delay(pauseMs);
    }
  }
  return once(deadline, call);
};

const PAUSES_MS = [50, 200];

const once = async <Answer>(deadline: number, call: (leftMs: number) => Promise<Answer>): Promise<Answer> => {
  const leftMs = Math.max(1, Math.ceil(deadline - performance.now()));
  const alarm = new AbortController();
  const late = delay(leftMs, undefined, { signal: alarm.signal }).then(() => {
    throw kmsError("kms-unavailable", { cause: new Error(`no answer within ${String(leftMs)} ms`) });
  });
  try {
    return await Promise.race([late, call(leftMs)]);
  } catch (error) {
    throw isDomainError(error) ? error : fromGrpc(error);
  } finally {
    alarm.abort();
    late.catch(() => undefined);
  }
};
