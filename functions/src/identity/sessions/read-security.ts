import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { hasFactor } from "../factors/factor-store.js";
import { isTotpDisabled, type Factors } from "../factors/factors.js";
import { askable } from "./begin-session.js";
import { sessionOf } from "./revoke-sessions.js";
import { newAccount } from "./session-store.js";

/** What the account's owner may know of its security: settings, roles, second factors, this session. No secret is in it. */
export const readSecurity = async (deps: Pick<IdentityDeps, "sessions" | "factors">, caller: Caller) => {
  const session = sessionOf(caller);
  const [account, factors] = await Promise.all([deps.sessions.account(caller.uid), deps.factors.find(caller.uid)]);
  const { loginNotifications, createdAt, roles } = { ...newAccount(session.startedAt), ...account };
  return {
    settings: { mfaEnabled: hasFactor(factors), loginNotifications, createdAt },
    roles: [...roles],
    factors: describeFactors(factors),
    methods: askable(session, factors),
    session: {
      sid: session.sid,
      assurance: session.aal,
      bound: session.jkt !== undefined,
      stepUpRequired: session.stepUpRequired,
      reasons: [...session.riskReasons],
      expiresAt: session.absoluteExpiresAt,
    },
  };
};

const describeFactors = (factors: Factors | undefined) => ({
  totp: factors?.totp === undefined ? null : { enrolledAt: factors.totp.enrolledAt, disabled: isTotpDisabled(factors) },
  passkeys: (factors?.passkeys ?? []).map(({ id, name }) => ({ id, name })),
  backupCodes:
    factors?.backup === undefined
      ? null
      : { remaining: factors.backup.hashes.length, createdAt: factors.backup.createdAt },
});
