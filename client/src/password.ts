import { signInWithCustomToken } from "firebase/auth";
import { enter, type SignedIn, type SignInDeps } from "./sign-in.ts";
import { withStepUp, type AskForProof } from "./step-up.ts";

/**
 * Signs in through Firekeep's own password check, which sees wrong passwords and slows guessing down; for projects that
 * switch it on (`identity/proxy-off` elsewhere).
 */
export const signInWithPasswordProxy = (
  deps: SignInDeps,
  { email, password, deviceName }: { email: string; password: string; deviceName: string },
): Promise<SignedIn> =>
  enter(deps, (binding) =>
    deps.firekeep.call(
      "identity-password-signin",
      { email, password, device: { name: deviceName }, binding },
      { secret: "none" },
    ),
  );

/**
 * Finishes a sign-up that `identity-password-signup` began, with the code from the mail. The password is given again: the
 * server kept nothing of it.
 */
export const confirmSignUp = (
  deps: SignInDeps,
  person: { challenge: string; code: string; email: string; password: string; deviceName: string },
): Promise<SignedIn> => {
  const { deviceName, ...rest } = person;
  return enter(deps, (binding) =>
    deps.firekeep.call(
      "identity-password-confirm",
      { ...rest, device: { name: deviceName }, binding },
      { secret: "none" },
    ),
  );
};

/** Changes the password; every other session ends, this one goes on. Answers how many ended. */
export const changePassword = async (
  { auth, firekeep }: SignInDeps,
  { ask, ...passwords }: { current: string; next: string; ask: AskForProof },
): Promise<number> => {
  const { customToken, revoked } = await withStepUp(
    (stepUp) => firekeep.call("identity-password-change", passwords, { stepUp }),
    ask,
  );
  // The change ended every refresh token at Firebase: this one takes its place, for the same session.
  await signInWithCustomToken(auth, customToken);
  return revoked;
};

/** Finishes a change of the sign-in address that `identity-email-change` began, with the code sent to the new one. */
export const confirmEmail = async (
  { auth, firekeep }: SignInDeps,
  { ask, ...change }: { challenge: string; code: string; email: string; ask: AskForProof },
): Promise<void> => {
  const { customToken } = await withStepUp(
    (stepUp) => firekeep.call("identity-email-confirm", change, { stepUp }),
    ask,
  );
  await signInWithCustomToken(auth, customToken);
};
