import { METHODS } from "./service.ts";
import type { KmsControl } from "./control.ts";
import { isStatusName } from "./errors.ts";
import type { Fault } from "./faults.ts";
import { listenLoopback } from "./loopback.ts";
import type { JsonAnswer, JsonRequest } from "./loopback.ts";

type Input = Readonly<Record<string, unknown>>;
type Action = (control: KmsControl, input: Input) => unknown;

/** Every admin call. A wrong input throws and is answered with 400 and the sentence thrown. */
const ACTIONS: Readonly<Record<string, Action>> = {
  "GET /health": (control) => ({ ok: true, nowMs: control.now() }),
  "GET /stats": (control) => control.stats(),
  "POST /stats/reset": (control) => control.resetStats(),
  "POST /clock": (control, { advanceMs, nowMs }) => {
    if (nowMs !== undefined) control.setClock(numberIn("nowMs", nowMs));
    if (advanceMs !== undefined) control.advanceClock(numberIn("advanceMs", advanceMs));
    return { nowMs: control.now() };
  },
  "POST /latency": (control, { ms }) => control.setLatency(numberIn("ms", ms)),
  "POST /quota": (control, { perSecond, perMinute }) =>
    control.setQuota({
      ...(isSet(perSecond) && { perSecond: numberIn("perSecond", perSecond) }),
      ...(isSet(perMinute) && { perMinute: numberIn("perMinute", perMinute) }),
    }),
  "POST /faults": (control, input) => control.addFault(readFault(input)),
  "POST /faults/clear": (control) => control.clearFaults(),
  "POST /outage": (control, { on }) => {
    if (typeof on !== "boolean") throw new Error("on must be true or false.");
    control.setOutage(on);
  },
};

/** The control over HTTP on 127.0.0.1, for tests in other processes. */
export const listenAdmin = (control: KmsControl, port: number): Promise<{ port: number; stop: () => Promise<void> }> =>
  listenLoopback(port, (request) => Promise.resolve(act(control, request)));

const act = (control: KmsControl, { verb, url, body }: JsonRequest): JsonAnswer => {
  const action = ACTIONS[`${verb} ${url.pathname}`];
  if (action === undefined) return { status: 404, body: { error: `There is no ${verb} ${url.pathname}.` } };
  try {
    return { status: 200, body: action(control, (body ?? {}) as Input) ?? { ok: true } };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : "The request is malformed." } };
  }
};

const readFault = ({ method, code, message, corrupt, times, rate }: Input): Fault => {
  const only = METHODS.find((known) => known === method);
  if (isSet(method) && only === undefined) throw new Error("method must be the name of a served RPC, such as Encrypt.");
  if (isSet(code) && !isStatusName(code)) throw new Error("code must be a gRPC status name, such as UNAVAILABLE.");
  if (!isSet(code) && corrupt !== true) throw new Error("Give a code, or corrupt: true.");
  return {
    ...(only !== undefined && { method: only }),
    ...(isStatusName(code) && { code }),
    ...(typeof message === "string" && { message }),
    corrupt: corrupt === true,
    ...(isSet(times) && { times: numberIn("times", times) }),
    ...(isSet(rate) && { rate: numberIn("rate", rate) }),
  };
};

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

const numberIn = (field: string, value: unknown): number => {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${field} must be a number from 0.`);
};
