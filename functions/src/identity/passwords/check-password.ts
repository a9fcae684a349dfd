import type { Visitor } from "../../platform/secure-call.js";
import { requestError } from "../../platform/errors.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { PasswordDeps } from "./deps.js";
import type { PasswordVerdict } from "./password-directory.js";
import { returnGuess, settleGuess, spendGuess } from "./spend-guess.js";

interface Guess {
  readonly address: string;
  readonly password: string;
  /** The account of the address, when there is one. */
  readonly uid: string | undefined;
  readonly visitor: Visitor;
  /** The session that asks; absent at a sign-in, which a confirmed address is needed for. */
  readonly session?: string;
}

type Right = Extract<PasswordVerdict, { uid: string }>;

/**
 * Whether the password is the account's: spends an attempt, asks Firebase, tells of what was wrong. Whatever it was (no such
 * address, another password, an address that was never confirmed, a closed account), the refusal is the same.
 *
 * @throws identity/password-rejected, -too-many-passwords, request/unavailable when Firebase does not answer
 */
export const checkPassword = async (deps: PasswordDeps, guess: Guess): Promise<Right> => {
  const spent = await spendGuess(deps, guess);
  // Both always, at once: what the account is like must not show in the time.
  const [verdict, status] = await Promise.all([
    deps.passwords.verify(guess.address, guess.password),
    guess.uid === undefined ? undefined : deps.directory.status(guess.uid),
  ]).catch(async (cause: unknown) => {
    await returnGuess(deps, spent);
    throw requestError("unavailable", { cause });
  });
  if (verdict.outcome === "refused") throw await rejected(deps, guess, verdict.why);
  if (verdict.uid !== guess.uid || status === undefined) throw await rejected(deps, guess, "wrong-credentials");
  if (status.disabled) throw await rejected(deps, guess, "disabled");
  if (!status.emailVerified && guess.session === undefined) throw await rejected(deps, guess, "unconfirmed");
  await settleGuess(deps, spent);
  return verdict;
};

/** For rules the same as what Firebase's activity log tells: `account` stands for an address that has none. */
const rejected = async (deps: PasswordDeps, { address, uid, visitor, session }: Guess, reason: string) => {
  const stranger = await deps.encryption.keyedHash("detection.stranger", address);
  const account = Buffer.from(stranger.subarray(0, 16)).toString("base64url");
  await deps.record({
    type: identityEvent["password-rejected"],
    outcome: "failure",
    ...(uid !== undefined && { subject: uid }),
    ...(session !== undefined && { session }),
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    detail: { method: "password", reason, ...(uid === undefined && { account }) },
  });
  return identityError("password-rejected");
};
