import { signInWithEmailAndPassword, signOut, type Auth, type User } from "firebase/auth";
import type { Firekeep, Output } from "./firekeep.ts";

export interface SignedIn {
  readonly user: User;
  readonly session: Output<"identity-session-start">;
}

/**
 * Signs in and starts the session that every other call needs. When the session cannot start (blocked, too risky), the
 * Firebase sign-in is undone, so that an app never looks signed in without a session.
 */
export const signInWithPassword = async (
  deps: { auth: Auth; firekeep: Firekeep },
  person: { email: string; password: string; deviceName: string },
): Promise<SignedIn> => {
  const { user } = await signInWithEmailAndPassword(deps.auth, person.email, person.password);
  try {
    const session = await deps.firekeep.call("identity-session-start", { device: { name: person.deviceName } });
    return { user, session };
  } catch (error) {
    await signOut(deps.auth);
    throw error;
  }
};

/** Ends the session on the server, then signs out here. */
export const signOutOfSession = async (deps: { auth: Auth; firekeep: Firekeep }): Promise<void> => {
  try {
    await deps.firekeep.call("identity-session-end", {});
  } finally {
    await signOut(deps.auth);
  }
};
