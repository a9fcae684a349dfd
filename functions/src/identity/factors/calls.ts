import type { Handlers } from "../../platform/secure-call.js";
import { deps } from "../deps.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import type { factorsApi } from "./api.js";
import { regenerateBackupCodes, removeTotp } from "./change-factors.js";
import { confirmTotp, enrolTotp } from "./enrol-totp.js";
import { stepUpCounting } from "./step-up.js";

export const factorsCalls: Handlers<typeof factorsApi> = {
  "totp-enrol": (caller) => enrolTotp(deps(), caller),
  "totp-confirm": (caller, { code }) => confirmTotp(deps(), caller, code),
  "totp-verify": async (caller, { code, scope, transaction }) => {
    const proof = { method: "totp", code } as const;
    const given = { session: sessionOf(caller), proof, scope, transaction, ip: caller.ip };
    const { session, until } = await stepUpCounting(deps(), given);
    return { assurance: session.aal, scope, until };
  },
  "totp-remove": (caller) => removeTotp(deps(), caller),
  "backup-verify": async (caller, { code, scope, transaction }) => {
    const proof = { method: "backup-code", code } as const;
    const given = { session: sessionOf(caller), proof, scope, transaction, ip: caller.ip };
    const { session, until, remaining = 0 } = await stepUpCounting(deps(), given);
    return { assurance: session.aal, scope, until, remaining };
  },
  "backup-regenerate": (caller) => regenerateBackupCodes(deps(), caller),
};
