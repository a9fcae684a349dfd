import type { PasskeyPolicy } from "../../config.js";
import type { Caller } from "../../platform/secure-call.js";
import { config } from "../../config.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { makeBackupCodes } from "../factors/backup-codes.js";
import { refuseRisky } from "../factors/refuse-risky.js";
import { tellFactor } from "../factors/given-factor.js";
import type { Passkey } from "../factors/passkey.js";
import type { AddedPasskey } from "../factors/passkey-ledger.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { amrOf, assuranceIn } from "./assurance.js";
import { describePasskey, personName, signalOf } from "./list-passkeys.js";
import { creationOptionsOf } from "./options.js";
import { ask, take } from "./passkey-challenge.js";
import { policyOf } from "./policy.js";
import { reasonOf, refuse } from "./refusal.js";
import { verifyRegistration } from "./verify-registration.js";

/**
 * Begins a passkey: a user handle for the account when it has none, and a challenge for this session. As with an authenticator
 * app, a sign-in that looked unusual and showed no second factor may not set one up.
 */
export const enrolPasskey = async (
  deps: Pick<IdentityDeps, "factors" | "challenges" | "rp" | "clock" | "random">,
  caller: Caller,
) => {
  const session = sessionOf(caller);
  refuseRisky(session);
  const rp = deps.rp();
  const drawn = Buffer.from(deps.random(32)).toString("base64url");
  const userHandle = await deps.factors.userHandle(caller.uid, drawn);
  const passkeys = (await deps.factors.find(caller.uid))?.passkeys ?? [];
  if (passkeys.length >= config.passkeys.limit) throw identityError("passkey-limit");
  const policy = policyOf(session.roles);
  const asked = await ask(deps, { purpose: "passkey.registration", uid: caller.uid, sid: session.sid });
  const { challenge, octets, expiresAt } = asked;
  const options = creationOptionsOf(rp, { octets, policy, userHandle, name: personName(rp, caller), passkeys });
  return { challenge, options, expiresAt };
};

type Deps = Pick<
  IdentityDeps,
  "factors" | "sessions" | "challenges" | "encryption" | "record" | "notify" | "rp" | "clock" | "random"
>;

/**
 * Keeps the passkey, and makes backup codes when it is the account's first factor. The session is raised, but no guarded action
 * is opened: a factor just set up vouches for nothing.
 */
export const confirmPasskey = async (
  deps: Deps,
  caller: Caller,
  given: { challenge: string; response: unknown; name: string },
) => {
  const session = sessionOf(caller);
  const policy = policyOf(session.roles);
  const passkey = await verified(deps, caller, { ...given, sid: session.sid, policy });
  const { codes, hashes } = await makeBackupCodes(deps, caller.uid);
  const added = await deps.factors.addPasskey(caller.uid, { passkey, hashes });
  if (!added.ok) throw await notAdded(deps, caller, added.why);
  const assurance = assuranceIn(session, passkey) === 1 ? 1 : 2;
  const at = deps.clock();
  const raised = await deps.sessions.raise(session.sid, { uid: caller.uid, at, amr: amrOf(passkey), assurance });
  const told = tellFactor(identityEvent["factor-added"], "success", { session, ip: caller.ip });
  const { backupEligible, aaguid, attestation } = passkey;
  await deps.record({ ...told, detail: { method: "passkey", backupEligible, aaguid, attestation } });
  await deps.notify({
    id: `factor-added.${given.challenge}`,
    uid: caller.uid,
    kind: "factor-added",
    sid: session.sid,
    facts: { method: "passkey", name: passkey.name },
  });
  if (raised === undefined) throw identityError("session-ended");
  const factors = await deps.factors.find(caller.uid);
  return {
    passkey: describePasskey(passkey),
    backupCodes: added.codesMade ? codes : [],
    assurance: raised.aal,
    signal: signalOf(deps.rp(), caller, factors),
  };
};

const verified = async (
  deps: Deps,
  caller: Caller,
  given: { challenge: string; response: unknown; name: string; sid: string; policy: PasskeyPolicy },
): Promise<Passkey> => {
  try {
    const bond = { purpose: "passkey.registration", uid: caller.uid, sid: given.sid } as const;
    const challenge = await take(deps, given.challenge, bond);
    const { response, policy } = given;
    const registered = await verifyRegistration(deps.rp(), { response, challenge, policy });
    return { ...registered, name: given.name, createdAt: deps.clock() };
  } catch (error) {
    await tellRefused(deps, caller, reasonOf(error));
    throw error;
  }
};

// Whose it is already is not said: it may be another account's.
const notAdded = async (deps: Deps, caller: Caller, why: (AddedPasskey & { ok: false })["why"]): Promise<Error> => {
  if (why === "full") return identityError("passkey-limit");
  await tellRefused(deps, caller, "credential-taken");
  return refuse("credential-taken");
};

const tellRefused = (deps: Deps, caller: Caller, reason: string): Promise<void> => {
  const told = tellFactor(identityEvent["factor-rejected"], "failure", { session: sessionOf(caller), ip: caller.ip });
  return deps.record({ ...told, detail: { method: "passkey", step: "registration", reason } });
};
