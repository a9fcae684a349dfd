import { HttpsError, type CallableRequest } from "firebase-functions/v2/https";
import { DomainError } from "../kernel/errors.js";
import { lazy } from "../kernel/lazy.js";
import type { Limit } from "../kernel/limits.js";
import { networkPrefix } from "../kernel/network.js";
import { MINUTE, systemClock, type Clock } from "../kernel/time.js";
import { callerAddress } from "./client-address.js";
import { requestEvent } from "./events.js";
import { requestError } from "./errors.js";
import { gatePorts } from "./gate-ports.js";
import { describeError, log } from "./log.js";
import { memoryPermitStore } from "./permit-store.js";
import { rateLimiter } from "./rate-limit.js";

/** Runs a call and turns whatever it throws into the public answer; refusals and failures are told, causes are logged. */
export const settle = async <Result>(
  call: { id: string; clock: Clock },
  request: CallableRequest,
  run: () => Promise<Result>,
): Promise<Result> => {
  const startedAt = call.clock();
  try {
    return await run();
  } catch (error) {
    const known = error instanceof DomainError ? error : requestError("internal", { cause: error });
    const tookMs = call.clock() - startedAt;
    const level = known.status === "internal" ? "ERROR" : "INFO";
    log(level, "call refused", { call: call.id, code: known.code, tookMs, ...describeError(known) });
    await tell(call.id, request, known);
    throw new HttpsError(known.status, known.message, { ...known.details, code: known.code });
  }
};

const QUIET: ReadonlySet<string> = new Set(["request/too-many", "request/malformed"]);

// These come before the limiter, so that anybody could write the log full with them: a few a minute and network tell enough.
const EARLY = /^request\/(sign-in-required|session-|proof-)/;
const EARLY_LIMIT: Limit = { permits: 20, perMs: MINUTE, by: "network", store: "instance", whenDown: "allow" };
const earlyLimiter = lazy(() => rateLimiter({ permits: memoryPermitStore(), clock: systemClock }));

// The token may be of an account that was erased since: naming it would bring it back into the log.
const NOBODY_KNOWN = "request/session-missing";

const isFlood = (ip: string): Promise<boolean> =>
  earlyLimiter()("refusal", EARLY_LIMIT, networkPrefix(ip)).then(
    () => false,
    () => true,
  );

// Floods are counted by Cloud Armor and the limiter itself: one event per refused flood call would feed the flood.
const tell = async (id: string, request: CallableRequest, error: DomainError): Promise<void> => {
  const ip = callerAddress(request);
  if (QUIET.has(error.code) || (EARLY.test(error.code) && (await isFlood(ip)))) return;
  try {
    await gatePorts().record({
      type: error.status === "internal" ? requestEvent.failed : requestEvent.denied,
      outcome: "failure",
      ip,
      ...(request.auth !== undefined && error.code !== NOBODY_KNOWN && { subject: request.auth.uid }),
      detail: { call: id, code: error.code },
    });
  } catch (cause) {
    log("ERROR", "refusal could not be recorded", { call: id, ...describeError(cause) });
  }
};
