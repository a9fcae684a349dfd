import { config } from "../../config.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { PasswordDeps } from "./deps.js";
import { contextWords, passwordFault } from "./password-policy.js";

type Deps = Pick<PasswordDeps, "isCommon" | "context" | "findBreach" | "record">;

/**
 * Whether a new password will do. Says nothing of whether the address has an account. A breach service that does not answer in
 * time holds nobody up: the event `identity.breach-unchecked` tells of it.
 *
 * @throws identity/password-too-short with `min`, -password-too-long, -password-common, -password-context, -password-breached
 */
export const acceptPassword = async (
  deps: Deps,
  { password, email, withFactor }: { password: string; email: string; withFactor: boolean },
): Promise<void> => {
  const { minLength, maxBytes } = config.passwords;
  const min = withFactor ? minLength.withFactor : minLength.alone;
  const words = contextWords([...deps.context(), email]);
  const fault = passwordFault(password, { minLength: min, maxBytes, words, isCommon: deps.isCommon });
  if (fault === "too-short") throw identityError("password-too-short", { details: { min } });
  if (fault !== undefined) throw identityError(`password-${fault}`);
  const breach = await deps.findBreach(password);
  if (breach === "found") throw identityError("password-breached");
  if (breach === "unknown") await deps.record({ type: identityEvent["breach-unchecked"], outcome: "failure" });
};
