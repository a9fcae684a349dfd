import { config } from "../../config.js";
import type { Challenge } from "../challenges/challenge-store.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { hashCode, sameHash } from "./mail-code.js";
import type { CodeDeps } from "./send-code.js";

export interface GivenCode {
  readonly challenge: string;
  readonly code: string;
  /** One that the code must have been sent for. */
  readonly purpose: string | readonly string[];
  /** The account and session that ask, where somebody is signed in. */
  readonly uid?: string;
  readonly sid?: string;
  /** The caller's address, for the log. */
  readonly ip?: string;
}

/**
 * Accepts the code, once, or throws. The attempt is spent before the code is looked at, so that guesses that race are counted
 * all the same. Wrong, used, too old, meant for something or somebody else, never sent: the answer is one.
 *
 * @throws identity/code-rejected
 */
export const checkCode = async (
  deps: Pick<CodeDeps, "challenges" | "encryption" | "record" | "clock">,
  given: GivenCode,
): Promise<Challenge> => {
  const { challenge, code } = given;
  const now = deps.clock();
  const found = await deps.challenges.spendAttempt(challenge, config.mailCodes.tries, now);
  const hash = await hashCode(deps, challenge, code);
  const right = sameHash(hash, String(found?.facts["hash"] ?? ""));
  const mine = found !== undefined && isFor(found, given);
  const won = right && mine ? await deps.challenges.consume(challenge, now) : undefined;
  if (won !== undefined) return won;
  await tellRejected(deps, given, found);
  throw identityError("code-rejected");
};

const isFor = (found: Challenge, { purpose, uid, sid }: GivenCode): boolean =>
  [purpose].flat().includes(found.purpose) &&
  found.sid === sid &&
  (uid === undefined ? found.facts["unclaimed"] !== true || found.uid !== undefined : found.uid === uid);

const tellRejected = async (
  deps: Pick<CodeDeps, "record">,
  { ip, sid, uid }: GivenCode,
  found: Challenge | undefined,
): Promise<void> => {
  const subject = uid ?? found?.uid;
  await deps.record({
    type: identityEvent["mailcode-rejected"],
    outcome: "failure",
    ...(subject !== undefined && { subject }),
    ...(sid !== undefined && { session: sid }),
    ...(ip !== undefined && { ip }),
    detail: { attempts: found?.attempts ?? 0, left: found === undefined ? 0 : config.mailCodes.tries - found.attempts },
  });
};
