import type { EventMessage } from "../../kernel/event.js";
import { caepOf } from "./caep.js";
import type { SignalDeps } from "./deps.js";
import { setId, setOf } from "./set.js";

/**
 * Puts a token for every receiver that wants this event on its way. The token's id is made from event and receiver: a
 * message that comes twice finds it there, and only queues it again while it is still to be sent.
 */
export const consumeEvent = async (deps: SignalDeps, message: EventMessage): Promise<number> => {
  const caep = caepOf(message);
  const issuer = deps.issuer();
  if (caep === undefined || issuer === undefined) return 0;
  const wanting = (await deps.receivers.list()).filter(({ events }) => events.includes(caep.event));
  await Promise.all(
    wanting.map(async ({ id: receiver, audience }) => {
      const id = setId(message.id, receiver);
      const known = await deps.signals.find(id);
      if (known !== undefined && known.state !== "pending") return;
      const [at, projectId] = [deps.clock(), deps.projectId()];
      const claims = setOf({ jti: id, issuer, projectId, audience, message, caep, at });
      const about = message.subject === undefined ? {} : { uid: message.subject };
      await deps.signals.add({ id, receiver, ...about, claims, state: "pending", attempts: 0, createdAt: at });
      await deps.enqueue(id);
    }),
  );
  return wanting.length;
};
