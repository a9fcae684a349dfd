import { config } from "../../config.js";
import { randomId } from "../../kernel/random.js";
import type { EpochMs } from "../../kernel/time.js";
import type { IdentityDeps } from "../deps.js";
import { refuse } from "./refusal.js";

type Deps = Pick<IdentityDeps, "challenges" | "clock" | "random">;

/** What a challenge is bound to: an answer for anything else, from anybody else or in another session is refused. */
export interface Bond {
  readonly purpose: "passkey.registration" | "passkey.sign-in" | "passkey.step-up";
  readonly uid?: string;
  readonly sid?: string;
  /** For a step-up: the scope, and the hash of the transaction or an empty text. */
  readonly scope?: string;
  readonly transaction?: string;
}

export interface Asked {
  /** The challenge's id. */
  readonly challenge: string;
  /** 256 random bits, base64url: what the authenticator signs. */
  readonly octets: string;
  readonly expiresAt: EpochMs;
  readonly renewAfterMs: number;
}

/** Asks something that a passkey answers, once, within five minutes. */
export const ask = async (deps: Deps, { purpose, uid, sid, scope = "", transaction = "" }: Bond): Promise<Asked> => {
  const { challengeMs, renewAt } = config.passkeys;
  const challenge = randomId(deps.random);
  const octets = Buffer.from(deps.random(32)).toString("base64url");
  const expiresAt = deps.clock() + challengeMs;
  await deps.challenges.put(challenge, {
    purpose,
    ...(uid !== undefined && { uid }),
    ...(sid !== undefined && { sid }),
    attempts: 0,
    expiresAt,
    facts: { octets, scope, transaction },
  });
  return { challenge, octets, expiresAt, renewAfterMs: Math.floor(challengeMs * renewAt) };
};

/**
 * Uses the challenge up before its answer is looked at, whatever comes of it, and gives what must have been signed. Whom it was
 * asked of, and for which purpose, is compared first: nobody else uses it up.
 *
 * @throws identity/passkey-rejected (challenge)
 */
export const take = async (
  deps: Pick<IdentityDeps, "challenges" | "clock">,
  challenge: string,
  { purpose, uid, sid, scope = "", transaction = "" }: Bond,
): Promise<string> => {
  const now = deps.clock();
  const asked = ID.test(challenge) ? await deps.challenges.find(challenge, now) : undefined;
  if (asked?.purpose !== purpose || asked.uid !== uid || asked.sid !== sid) throw refuse("challenge");
  const taken = await deps.challenges.consume(challenge, now);
  const octets = taken?.facts["octets"];
  const bound = taken?.facts["scope"] === scope && taken.facts["transaction"] === transaction;
  if (!bound || typeof octets !== "string") throw refuse("challenge");
  return octets;
};

// A step-up that rides along with a call names its challenge unchecked: anything else would be looked up as a path.
const ID = /^[\w-]{22}$/;
