import { config } from "../../config.js";
import { encodeTuple } from "../../kernel/bytes.js";
import { randomId } from "../../kernel/random.js";
import { DAY, HOUR, MINUTE, type EpochMs } from "../../kernel/time.js";
import type { RateLimiter } from "../../platform/rate-limit.js";
import { normalAddress } from "../addresses/addresses-of.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { CodeWhen } from "../notices/content.js";
import { enqueueSafely, itemId, newItem, type OutboxDeps } from "../notices/stage-notice.js";
import { drawCode, hashCode } from "./mail-code.js";
import type { SendLedger } from "./send-ledger.js";

export type CodeDeps = OutboxDeps &
  Pick<IdentityDeps, "challenges" | "encryption" | "record" | "clock" | "random"> & {
    readonly ledger: SendLedger;
    readonly limiter: RateLimiter;
  };

export interface CodeRequest {
  /** `<folder>.<what>`, such as `address.confirm`: the code is good for nothing else. */
  readonly purpose: string;
  /** What sends are counted by, beside the person: the session's id, or the visitor's network. */
  readonly place: string;
  readonly address: string;
  /** The account; absent where it is not known, or not to be looked up. */
  readonly uid?: string;
  /** The session that alone may give the code back. */
  readonly sid?: string;
  /** The address is the account's own and its owner, signed in, asks: a share of its own, which strangers cannot use up. */
  readonly own?: boolean;
  /** What the purpose needs when the code comes back. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  /** Default `config.mailCodes.lifeMs`. */
  readonly lifeMs?: number;
  /** To whom it is mailed at all; judged when it is delivered, so that this call takes the same steps for every address. */
  readonly when?: CodeWhen;
}

/**
 * Mails an 8-digit code and answers the challenge to give it back with. The one sent before it, for the same purpose, person
 * and place, dies. E-mail vouches for assurance 1 at most (NIST SP 800-63B-4 §3.1.3.1).
 *
 * @throws identity/code-too-soon with `retryAfterMs`; request/too-many when the address has had its share
 */
export const sendCode = async (
  deps: CodeDeps,
  request: CodeRequest,
): Promise<{ challenge: string; expiresAt: EpochMs }> => {
  const { purpose, address, uid, sid, facts = {}, lifeMs = config.mailCodes.lifeMs, when = "always" } = request;
  const challenge = randomId(deps.random);
  const now = deps.clock();
  await takeShare(deps, request, { challenge, now });
  const code = drawCode(deps.random);
  const expiresAt = now + lifeMs;
  const hash = await hashCode(deps, challenge, code);
  await deps.challenges.put(challenge, {
    purpose,
    ...(uid !== undefined && { uid }),
    ...(sid !== undefined && { sid }),
    attempts: 0,
    expiresAt,
    facts: { ...facts, hash, ...(when === "account" && { unclaimed: true }) },
  });
  const about = { id: itemId(`code/${challenge}`), kind: "code", expiresAt, ...(uid !== undefined && { uid }) };
  const minutes = Math.round(lifeMs / MINUTE);
  const item = await newItem(deps, {
    ...about,
    content: { type: "code", code, to: address, challenge, when, minutes },
  });
  await deps.outbox.add(item);
  await enqueueSafely(deps, item.id);
  if (uid !== undefined) await tellSent(deps, { purpose, uid, ...(sid !== undefined && { session: sid }) });
  return { challenge, expiresAt };
};

const takeShare = async (
  deps: CodeDeps,
  { purpose, address, uid, place, own = false }: CodeRequest,
  { challenge, now }: { challenge: string; now: EpochMs },
): Promise<void> => {
  const key = await keyOf(deps, [purpose, uid ?? normalAddress(address), place]);
  const taken = await deps.ledger.take(key, challenge, now);
  if (!taken.ok) throw identityError("code-too-soon", { details: { retryAfterMs: taken.retryAfterMs } });
  const mailbox = await keyOf(deps, own ? [normalAddress(address), "own"] : [normalAddress(address)]);
  await deps.limiter("mail-code-hour", PER_HOUR, mailbox);
  await deps.limiter("mail-code-day", PER_DAY, mailbox);
  if (taken.previous !== undefined) await deps.challenges.consume(taken.previous, now);
};

const shared = { by: "account", store: "shared", whenDown: "refuse" } as const;
const PER_HOUR = { permits: config.mailCodes.perAddressHour, perMs: HOUR, ...shared };
const PER_DAY = { permits: config.mailCodes.perAddressDay, perMs: DAY, ...shared };

const keyOf = async ({ encryption }: CodeDeps, parts: readonly string[]): Promise<string> =>
  Buffer.from(await encryption.keyedHash("identity.mail-code-sends", encodeTuple(parts))).toString("base64url");

const tellSent = (
  deps: CodeDeps,
  { purpose, uid, session }: { purpose: string; uid: string; session?: string },
): Promise<void> =>
  deps.record({
    type: identityEvent["mailcode-sent"],
    outcome: "success",
    subject: uid,
    ...(session !== undefined && { session }),
    detail: { purpose },
  });
