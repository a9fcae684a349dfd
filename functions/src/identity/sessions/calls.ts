import type { Handlers } from "../../platform/secure-call.js";
import { deps } from "../deps.js";
import type { sessionsApi } from "./api.js";
import { expelAccount } from "./expel-account.js";
import { listSessions, renameSession } from "./list-sessions.js";
import { listSignIns } from "./list-sign-ins.js";
import { readSecurity } from "./read-security.js";
import { endSession, revokeEvery, revokeOne, revokeOthers } from "./revoke-sessions.js";
import { rotateSecret } from "./rotate-secret.js";
import { startSession } from "./start-session.js";

export const sessionsCalls: Handlers<typeof sessionsApi> = {
  "session-start": (caller, { device, binding }) => startSession(deps(), caller, device, binding),
  "session-list": (caller) => listSessions(deps(), caller),
  "session-rename": (caller, input) => renameSession(deps(), caller, input),
  "session-revoke": (caller, { sid }) => revokeOne(deps(), caller, sid),
  "session-revokeothers": (caller) => revokeOthers(deps(), caller),
  "session-revokeall": (caller) => revokeEvery(deps(), caller),
  "session-expel": (caller, input) => expelAccount(deps(), caller, input),
  "session-rotate": (caller, { next }) => rotateSecret(deps(), caller, next),
  "session-end": (caller) => endSession(deps(), caller),
  "signin-list": (caller, { limit }) => listSignIns(deps(), caller, limit),
  "security-read": (caller) => readSecurity(deps(), caller),
};
