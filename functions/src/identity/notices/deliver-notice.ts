import { config } from "../../config.js";
import { HOUR, MINUTE, type EpochMs } from "../../kernel/time.js";
import { describeError, type LogLevel } from "../../platform/log.js";
import type { Mailer } from "../../platform/mail.js";
import type { ContactDeps } from "../addresses/addresses-of.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { openContent } from "./content.js";
import type { OutboxItem, OutboxStore } from "./outbox-store.js";
import { recipientsOf, type Recipients } from "./recipients.js";
import { render } from "./texts/render.js";

export interface DeliverDeps
  extends ContactDeps, Pick<IdentityDeps, "encryption" | "directory" | "challenges" | "record" | "clock"> {
  readonly outbox: OutboxStore;
  /** Undefined while no mail server is set up. */
  readonly mailer: () => Mailer | undefined;
  readonly consoleUrl: string | undefined;
  readonly log: (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

export type DeliveryOutcome = "sent" | "dead" | "waiting" | "elsewhere";

/**
 * Delivers a mail to every address that has not had it yet. What a server has taken is noted at once, so that a later try
 * leaves that address out; `elsewhere`: done with, gone, or another worker has it.
 *
 * @throws identity/mail-failed when the task queue should try again
 */
export const deliverNotice = async (deps: DeliverDeps, id: string): Promise<DeliveryOutcome> => {
  const now = deps.clock();
  const item = await deps.outbox.claim(id, { now, until: now + LEASE_MS });
  if (item === undefined) return "elsewhere";
  const mailer = deps.mailer();
  if (mailer === undefined) return waitForServer(deps, item, now);
  if (item.content === undefined || (item.expiresAt !== undefined && now >= item.expiresAt))
    return settle(deps, item, { state: "dead", done: item.done });
  const { done, failure, uid } = await sendAll(deps, item, mailer);
  if (failure === undefined) return settle(deps, item, { state: endOf(done), done, ...(uid !== undefined && { uid }) });
  const attempts = item.attempts + 1;
  deps.log("WARNING", "a notice was not delivered", {
    notice: id,
    kind: item.kind,
    attempts,
    ...describeError(failure),
  });
  if (attempts >= config.mail.attempts) return settle(deps, item, { state: "dead", done });
  await deps.outbox.release(id, { attempts, dueAt: now + pauseAfter(attempts) });
  throw identityError("mail-failed", { cause: failure });
};

// Longer than the function may run: nobody takes a mail away from a worker that still lives.
const LEASE_MS = 5 * MINUTE;
export const DELIVERY_SECONDS = 240;

const NO_SERVER_MS = 1 * HOUR;

const pauseAfter = (attempts: number): number =>
  Math.min(config.mail.firstPauseMs * 2 ** (attempts - 1), config.mail.longestPauseMs);

let warned = false;

const waitForServer = async (deps: DeliverDeps, item: OutboxItem, now: EpochMs): Promise<"waiting"> => {
  if (!warned)
    deps.log("WARNING", "no mail server is set up (FIREKEEP_SMTP_URL): security notices are kept and wait", {});
  warned = true;
  await deps.outbox.release(item.id, { attempts: item.attempts, dueAt: now + NO_SERVER_MS });
  return "waiting";
};

type Done = OutboxItem["done"];

/** One address after the other; one that fails does not keep the others from theirs. */
const sendAll = async (
  deps: DeliverDeps,
  item: OutboxItem,
  mailer: Mailer,
): Promise<{ done: Done; failure?: unknown; uid?: string }> => {
  let recipients: Recipients;
  try {
    const content = await openContent(deps, item, item.content ?? new Uint8Array());
    recipients = await recipientsOf(deps, item, content);
    const mail = render(content, { at: item.at, consoleUrl: deps.consoleUrl, exists: recipients.exists });
    const done: Record<string, "accepted" | "refused"> = { ...item.done };
    let failure: unknown;
    for (const { to, key } of recipients.addresses) {
      if (done[key] !== undefined) continue;
      try {
        const how = await mailer.send({ ...mail, id: `${item.id.slice(0, 22)}.${key}`, to });
        await deps.outbox.confirm(item.id, key, how);
        done[key] = how;
      } catch (error) {
        failure = error;
      }
    }
    return {
      done,
      ...(failure !== undefined && { failure }),
      ...(recipients.uid !== undefined && { uid: recipients.uid }),
    };
  } catch (failure) {
    return { done: item.done, failure };
  }
};

// Nobody to tell is no failure: a decoy code, an account without an address.
const endOf = (done: Done): "sent" | "dead" => {
  const all = Object.values(done);
  return all.length > 0 && !all.includes("accepted") ? "dead" : "sent";
};

const settle = async (
  deps: DeliverDeps,
  item: OutboxItem,
  end: { state: "sent" | "dead"; done: Done; uid?: string },
): Promise<"sent" | "dead"> => {
  const all = Object.values(end.done);
  const accepted = all.filter((how) => how === "accepted").length;
  const refused = all.length - accepted;
  await deps.outbox.settle(item.id, {
    state: end.state,
    accepted,
    refused,
    ...(end.uid !== undefined && { uid: end.uid }),
  });
  if (end.state === "dead" || refused > 0)
    await tellAbandoned(deps, item, { accepted, refused, dead: end.state === "dead" });
  return end.state;
};

const tellAbandoned = (
  deps: DeliverDeps,
  item: OutboxItem,
  { accepted, refused, dead }: { accepted: number; refused: number; dead: boolean },
): Promise<void> =>
  deps.record({
    type: identityEvent["notice-abandoned"],
    outcome: "failure",
    actor: "system",
    ...(item.uid !== undefined && { subject: item.uid }),
    // One dead address beside living ones is no emergency, and neither is a code that came too late.
    ...((!dead || item.expiresAt !== undefined) && { severity: "low" as const }),
    detail: { call: "identity-notice-send", kind: item.kind, attempts: item.attempts, accepted, refused },
  });
