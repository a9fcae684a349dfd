import { beforeUserCreated, beforeUserSignedIn, HttpsError } from "firebase-functions/v2/identity";
import { config } from "../config.js";
import { DomainError } from "../kernel/errors.js";
import { requestError } from "../platform/errors.js";
import { describeError, log } from "../platform/log.js";
import { secureCalls } from "../platform/secure-call.js";
import { admitSignIn, admitSignUp } from "./admit-account.js";
import { identityApi } from "./api.js";
import { regenerateBackupCodes, removeTotp } from "./change-factors.js";
import type * as Deps from "./deps.js";
import { confirmTotp, enrolTotp } from "./enrol-totp.js";
import { listSessions, readSecurity } from "./read-security.js";
import { endSession, revokeOne, revokeOthers, sessionOf } from "./revoke-sessions.js";
import { startSession } from "./start-session.js";
import { stepUpCounting } from "./step-up.js";

// Stores, SDKs and neighbours load with the first call, not with the function.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loading must wait, and stay in one module system
const deps = () => (require("./deps.js") as typeof Deps).deps();

const calls = secureCalls("identity", identityApi, {
  "session-start": (caller, { device }) => startSession(deps(), caller, device),
  "session-list": (caller) => listSessions(deps(), caller),
  "session-revoke": (caller, { sid }) => revokeOne(deps(), caller, sid),
  "session-revokeothers": (caller) => revokeOthers(deps(), caller),
  "session-end": (caller) => endSession(deps(), caller),
  "security-read": (caller) => readSecurity(deps(), caller),
  "totp-enrol": (caller) => enrolTotp(deps(), caller),
  "totp-confirm": (caller, { code }) => confirmTotp(deps(), caller, code),
  "totp-verify": async (caller, { code, scope }) => {
    const proof = { method: "totp", code } as const;
    const { session, until } = await stepUpCounting(deps(), {
      session: sessionOf(caller),
      proof,
      scope,
      ip: caller.ip,
    });
    return { assurance: session.aal, scope, until };
  },
  "totp-remove": (caller) => removeTotp(deps(), caller),
  "backup-verify": async (caller, { code, scope }) => {
    const proof = { method: "backup-code", code } as const;
    const {
      session,
      until,
      remaining = 0,
    } = await stepUpCounting(deps(), { session: sessionOf(caller), proof, scope, ip: caller.ip });
    return { assurance: session.aal, scope, until, remaining };
  },
  "backup-regenerate": (caller) => regenerateBackupCodes(deps(), caller),
});

export const { session, security, totp, backup } = calls;

const options = { region: config.functions.region, serviceAccount: "fn-identity@" };

export const user = {
  beforecreate: beforeUserCreated(options, (event) => publicly(() => admitSignUp(event))),
  beforesignin: beforeUserSignedIn(options, (event) => publicly(() => admitSignIn(deps(), event))),
};

/** A blocking trigger's refusal, with its public sentence; whatever else fails refuses too. */
const publicly = async <Result>(run: () => Result | Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    const known = error instanceof DomainError ? error : requestError("unavailable", { cause: error });
    log(error instanceof DomainError ? "INFO" : "ERROR", "sign-in or sign-up refused", {
      code: known.code,
      ...describeError(known),
    });
    throw new HttpsError(known.status, known.message, { code: known.code });
  }
};
