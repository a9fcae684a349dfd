import { signInWithCustomToken, signInWithEmailAndPassword, signOut, type Auth, type User } from "firebase/auth";
import { isFirekeepError } from "./error.ts";
import type { Firekeep } from "./firekeep.ts";
import type { Output } from "./send-call.ts";
import { withBinding, type Binding } from "./session-secret.ts";

/** Where a person signs in. */
export interface SignInDeps {
  readonly auth: Auth;
  readonly firekeep: Firekeep;
}

export interface SignedIn {
  readonly user: User;
  readonly session: Output<"identity-session-start">;
}

/**
 * Signs in at Firebase and starts the session, bound to this device, that every other call needs. When the session cannot
 * start (blocked, too risky), the Firebase sign-in is undone, so that an app never looks signed in without a session.
 */
export const signInWithPassword = async (
  deps: SignInDeps,
  person: { email: string; password: string; deviceName: string },
): Promise<SignedIn> => {
  const { user } = await signInWithEmailAndPassword(deps.auth, person.email, person.password);
  return { user, session: await startSession(deps, person.deviceName) };
};

/** The second half of a sign-in that Firebase checked: starts its session here, or undoes the sign-in. */
export const startSession = async (deps: SignInDeps, deviceName: string): Promise<SignedIn["session"]> => {
  try {
    return await withBinding(deps.firekeep.device, async (binding, keep) => {
      const session = await twice(() =>
        deps.firekeep.call("identity-session-start", { device: { name: deviceName }, binding }, { secret: "none" }),
      );
      await keep();
      return session;
    });
  } catch (error) {
    await signOut(deps.auth);
    throw error;
  }
};

/** Ends a sign-in that Firekeep checked: keeps the session's secret, then signs in at Firebase with the token it answered. */
export const enter = (
  { auth, firekeep }: SignInDeps,
  check: (binding: Binding) => Promise<Output<"identity-password-signin">>,
): Promise<SignedIn> =>
  withBinding(firekeep.device, async (binding, keep) => {
    const { customToken, session } = await check(binding);
    await keep();
    const { user } = await signInWithCustomToken(auth, customToken);
    return { user, session };
  });

/** Ends the session on the server, then signs out here. The device's key stays: a trusted device is known by it. */
export const signOutOfSession = async ({ auth, firekeep }: SignInDeps): Promise<void> => {
  try {
    await firekeep.call("identity-session-end", {});
  } finally {
    await firekeep.device.keepSecret(undefined);
    await signOut(auth);
  }
};

// The answer may be lost although the session stands; asked again, the server answers the session that lives.
const twice = async <Result>(start: () => Promise<Result>): Promise<Result> => {
  try {
    return await start();
  } catch (error) {
    if (isFirekeepError(error) && !LOST.has(error.code)) throw error;
    return start();
  }
};

const LOST = new Set(["functions/internal", "functions/unavailable", "functions/deadline-exceeded"]);
