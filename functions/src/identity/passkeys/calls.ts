import type { Handlers } from "../../platform/secure-call.js";
import { deps } from "../deps.js";
import { stepUpCounting } from "../factors/step-up.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import type { passkeysApi } from "./api.js";
import { removePasskey, renamePasskey } from "./change-passkeys.js";
import { challengePasskey } from "./check-passkey.js";
import { confirmPasskey, enrolPasskey } from "./enrol-passkey.js";
import { listPasskeys } from "./list-passkeys.js";
import { beginSignIn, finishSignIn } from "./sign-in-with-passkey.js";

export const passkeysCalls: Handlers<typeof passkeysApi> = {
  "passkey-enrol": (caller) => enrolPasskey(deps(), caller),
  "passkey-confirm": (caller, given) => confirmPasskey(deps(), caller, given),
  "passkey-begin": () => beginSignIn(deps()),
  "passkey-finish": (visitor, given) => finishSignIn(deps(), visitor, given),
  "passkey-challenge": (caller, given) => challengePasskey(deps(), caller, given),
  "passkey-verify": async (caller, { challenge, response, scope, transaction }) => {
    const proof = { method: "passkey", challenge, response } as const;
    const given = { session: sessionOf(caller), proof, scope, transaction, ip: caller.ip };
    const { session, until } = await stepUpCounting(deps(), given);
    return { assurance: session.aal, scope, until };
  },
  "passkey-list": (caller) => listPasskeys(deps(), caller),
  "passkey-rename": (caller, given) => renamePasskey(deps(), caller, given),
  "passkey-remove": (caller, { id }) => removePasskey(deps(), caller, id),
};
