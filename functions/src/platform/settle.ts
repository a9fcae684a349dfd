import { HttpsError, type CallableRequest } from "firebase-functions/v2/https";
import { DomainError } from "../kernel/errors.js";
import type { Clock } from "../kernel/time.js";
import { requestEvent } from "./events.js";
import { requestError } from "./errors.js";
import { gatePorts } from "./gate-ports.js";
import { describeError, log } from "./log.js";

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

// Floods are counted by Cloud Armor and the limiter itself: one event per refused flood call would feed the flood.
const tell = async (id: string, request: CallableRequest, error: DomainError): Promise<void> => {
  if (QUIET.has(error.code)) return;
  try {
    await gatePorts().record({
      type: error.status === "internal" ? requestEvent.failed : requestEvent.denied,
      outcome: "failure",
      ...(request.auth !== undefined && { subject: request.auth.uid }),
      detail: { call: id, code: error.code },
    });
  } catch (cause) {
    log("ERROR", "refusal could not be recorded", { call: id, ...describeError(cause) });
  }
};
