import { randomId } from "../../kernel/random.js";
import { checkTarget } from "../../platform/public-address.js";
import type { Caller } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { CaepEvent } from "./caep.js";
import type { SignalDeps } from "./deps.js";
import { verificationOf } from "./set.js";

/** What a receiver's Authorization header is sealed under: its own receiver, and Firekeep itself rather than a person. */
export const authorizationPlace = (receiver: string): { label: string; subject: string } => ({
  label: `identity.receiver/${receiver}`,
  subject: "system:signals",
});

/**
 * Registers who is told of ended sessions, changed credentials and changed assurance.
 *
 * @throws identity/signals-off, -receiver-refused, -too-many-receivers
 */
export const registerReceiver = async (
  deps: SignalDeps,
  caller: Caller,
  given: { url: string; audience: string; events: readonly CaepEvent[]; authorization?: string | undefined },
): Promise<{ id: string }> => {
  if (deps.issuer() === undefined) throw identityError("signals-off");
  const { url } = await checkTarget(deps, given.url);
  if ((await deps.receivers.list()).length >= deps.limits.receivers) throw identityError("too-many-receivers");
  const id = randomId(deps.random);
  const secret = given.authorization === undefined ? undefined : Buffer.from(given.authorization, "utf8");
  const authorization = secret === undefined ? undefined : await deps.sealSecret({ ...authorizationPlace(id), secret });
  const { audience, events } = given;
  const who = { createdAt: deps.clock(), createdBy: caller.uid };
  await deps.receivers.add({
    id,
    url: url.href,
    audience,
    events,
    ...who,
    ...(authorization !== undefined && { authorization }),
  });
  await tell(deps, "receiver-registered", caller, id);
  return { id };
};

export const listReceivers = async ({ receivers }: Pick<SignalDeps, "receivers">) => ({
  receivers: (await receivers.list()).map(({ id, url, audience, events, createdAt }) => ({
    id,
    url,
    audience,
    events: [...events],
    createdAt,
  })),
});

/** @throws identity/receiver-missing */
export const removeReceiver = async (deps: SignalDeps, caller: Caller, id: string): Promise<{ removed: true }> => {
  if (!(await deps.receivers.remove(id))) throw identityError("receiver-missing");
  await tell(deps, "receiver-removed", caller, id);
  return { removed: true };
};

/**
 * Sends the receiver a verification event, on the same way as any other: `signal-read` tells how it went.
 *
 * @throws identity/receiver-missing, -signals-off
 */
export const verifyReceiver = async (deps: SignalDeps, id: string): Promise<{ signal: string }> => {
  const [receiver, issuer] = [await deps.receivers.find(id), deps.issuer()];
  if (receiver === undefined) throw identityError("receiver-missing");
  if (issuer === undefined) throw identityError("signals-off");
  const [jti, at] = [randomId(deps.random), deps.clock()];
  const claims = verificationOf({ jti, issuer, audience: receiver.audience, receiver: id, at });
  await deps.signals.add({ id: jti, receiver: id, claims, state: "pending", attempts: 0, createdAt: at });
  await deps.enqueue(jti);
  return { signal: jti };
};

/** @throws identity/signal-missing */
export const readSignal = async ({ signals }: Pick<SignalDeps, "signals">, id: string) => {
  const signal = await signals.find(id);
  if (signal === undefined) throw identityError("signal-missing");
  return { state: signal.state, attempts: signal.attempts };
};

const tell = (deps: SignalDeps, name: "receiver-registered" | "receiver-removed", caller: Caller, id: string) =>
  deps.record({
    type: identityEvent[name],
    outcome: "success",
    actor: caller.uid,
    ip: caller.ip,
    detail: { entity: `receiver/${id}` },
  });
