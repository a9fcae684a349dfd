import type { Visitor } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import type { StartedSession } from "../sessions/begin-session.js";
import { completeSignIn, type Binding } from "../sessions/complete-sign-in.js";
import { refuseEvenly } from "./answer-evenly.js";
import { checkPassword } from "./check-password.js";
import type { PasswordDeps } from "./deps.js";

/**
 * Signs in with a password that Firekeep saw only to hand it on. All refusals look alike and leave at the same beat.
 *
 * @throws identity/proxy-off, -password-rejected, -too-many-passwords, -sms-factor-needed, -sign-in-refused
 */
export const signInWithPassword = async (
  deps: PasswordDeps,
  visitor: Visitor,
  input: {
    readonly email: string;
    readonly password: string;
    readonly device: { readonly name: string };
    readonly binding?: Binding | undefined;
  },
): Promise<{ customToken: string; session: StartedSession }> => {
  requireProxy(deps);
  const { email: address, password, device, binding } = input;
  return refuseEvenly(deps, async () => {
    const uid = await deps.directory.uidOf(address);
    const right = await checkPassword(deps, { address, password, uid, visitor });
    // Firebase's own second factor: only its own sign-in can ask for it, and its token then tells us.
    if (right.outcome === "second-factor") throw identityError("sms-factor-needed");
    return completeSignIn(deps, {
      uid: right.uid,
      provider: "password",
      amr: ["pwd"],
      assurance: 1,
      device,
      binding,
      visitor,
    });
  });
};

/** @throws identity/proxy-off */
export const requireProxy = (deps: Pick<PasswordDeps, "proxyOn">): void => {
  if (!deps.proxyOn()) throw identityError("proxy-off");
};
