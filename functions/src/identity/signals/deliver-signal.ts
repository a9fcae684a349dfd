import { describeError } from "../../platform/log.js";
import { checkTarget } from "../../platform/public-address.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { SignalDeps } from "./deps.js";
import { authorizationPlace } from "./manage-receivers.js";
import type { Receiver } from "./receiver-store.js";
import type { Signal } from "./signal-store.js";

/**
 * Pushes one token to its receiver as RFC 8935 says. 2xx is success; 400 means that the receiver will never take this
 * token; after anything else the queue tries again, until the tries are spent and an event tells of it.
 *
 * @throws identity/delivery-failed when the task queue should try again
 */
export const deliverSignal = async (deps: SignalDeps, id: string): Promise<Signal["state"] | "missing"> => {
  const signal = await deps.signals.find(id);
  if (signal === undefined) return "missing";
  if (signal.state !== "pending") return signal.state;
  const attempts = signal.attempts + 1;
  const receiver = await deps.receivers.find(signal.receiver);
  if (receiver === undefined) return settle(deps, signal, "abandoned", attempts);
  const { status, failure } = await push(deps, signal, receiver);
  if (status !== undefined && status >= 200 && status < 300) return settle(deps, signal, "delivered", attempts);
  deps.log("WARNING", "a signal was not delivered", {
    signal: id,
    receiver: receiver.id,
    attempts,
    status,
    ...failure,
  });
  const final = status === 400 || attempts >= deps.limits.attempts;
  if (!final) {
    await settle(deps, signal, "pending", attempts);
    throw identityError("delivery-failed");
  }
  await deps.record({
    type: identityEvent["signal-abandoned"],
    outcome: "failure",
    actor: "system",
    detail: { call: "identity-signal-deliver", entity: `receiver/${receiver.id}`, attempts, status: status ?? 0 },
  });
  return settle(deps, signal, status === 400 ? "refused" : "abandoned", attempts);
};

const settle = async (
  deps: SignalDeps,
  { id }: Signal,
  state: Signal["state"],
  attempts: number,
): Promise<Signal["state"]> => {
  await deps.signals.settle(id, { state, attempts });
  return state;
};

const push = async (deps: SignalDeps, { claims }: Signal, receiver: Receiver) => {
  try {
    const target = await checkTarget(deps, receiver.url);
    const headers = { ...TYPES, ...(await authorization(deps, receiver)) };
    const body = await deps.signer.sign(claims);
    return { status: await deps.post(target, { headers, body, timeoutMs: deps.limits.timeoutMs }) };
  } catch (error) {
    return { failure: describeError(error) };
  }
};

const TYPES = { "content-type": "application/secevent+jwt", accept: "application/json" };

const authorization = async (deps: SignalDeps, { id, authorization: token }: Receiver) => {
  if (token === undefined) return {};
  const value = await deps.openSecret({ ...authorizationPlace(id), token });
  return { authorization: Buffer.from(value).toString("utf8") };
};
