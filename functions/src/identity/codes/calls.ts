import type { Handlers } from "../../platform/secure-call.js";
import type { codesApi } from "./api.js";
import { sendMailCode, verifyMailCode } from "./confirm-by-mail.js";
import { codeDeps } from "./deps.js";
import { beginMailSignIn, finishMailSignIn } from "./sign-in-by-mail.js";

export const codesCalls: Handlers<typeof codesApi> = {
  "mailcode-send": (caller, { purpose }) => sendMailCode(codeDeps(), caller, purpose),
  "mailcode-verify": (caller, input) => verifyMailCode(codeDeps(), caller, input),
  "mailcode-begin": (visitor, { email }) => beginMailSignIn(codeDeps(), visitor, email),
  "mailcode-finish": (visitor, input) => finishMailSignIn(codeDeps(), visitor, input),
};
