import { randomId } from "../../kernel/random.js";
import type { IdentityDeps } from "../deps.js";
import { beginSession, type StartedSession } from "./begin-session.js";
import type { SignIn } from "./sign-in.js";

export type { Binding } from "./sign-in.js";

/** A sign-in that Firekeep itself checked. `provider`, for the log: `passkey`, `password` or `email-code`. */
export type CompletedSignIn = Omit<SignIn, "sid" | "signedInAt">;

/**
 * Runs the whole sign-in policy, makes the session, and mints the custom token that signs the client in. Custom tokens pass by
 * Firebase's blocking functions, so this is all the policy there is.
 *
 * @throws identity/sign-in-refused, -binding-rejected
 */
export const completeSignIn = async (
  deps: IdentityDeps,
  signIn: CompletedSignIn,
): Promise<{ customToken: string; session: StartedSession }> => {
  const sid = randomId(deps.random);
  const session = await beginSession(deps, { ...signIn, sid, signedInAt: deps.clock() });
  return { customToken: await deps.directory.mintToken(signIn.uid, sid), session };
};
