import type { Handlers } from "../../platform/secure-call.js";
import type { passwordsApi } from "./api.js";
import { beginEmailChange, confirmEmailChange } from "./change-email.js";
import { changePassword } from "./change-password.js";
import { passwordDeps } from "./deps.js";
import { signInWithPassword } from "./sign-in.js";
import { beginSignUp, confirmSignUp } from "./sign-up.js";

export const passwordsCalls: Handlers<typeof passwordsApi> = {
  "password-signup": (visitor, input) => beginSignUp(passwordDeps(), visitor, input),
  "password-confirm": (visitor, input) => confirmSignUp(passwordDeps(), visitor, input),
  "password-signin": (visitor, input) => signInWithPassword(passwordDeps(), visitor, input),
  "password-change": (caller, input) => changePassword(passwordDeps(), caller, input),
  "email-change": (caller, input) => beginEmailChange(passwordDeps(), caller, input),
  "email-confirm": (caller, input) => confirmEmailChange(passwordDeps(), caller, input),
};
