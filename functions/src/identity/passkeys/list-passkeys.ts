import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import type { Factors } from "../factors/factors.js";
import type { Passkey } from "../factors/passkey.js";
import type { RelyingParty } from "./relying-party.js";
import type { Signal } from "./shapes.js";

/** The caller's passkeys, the newest first, and what tells the browser which of them are still good. */
export const listPasskeys = async (deps: Pick<IdentityDeps, "factors" | "rp">, caller: Caller) => {
  const factors = await deps.factors.find(caller.uid);
  const passkeys = (factors?.passkeys ?? []).map(describePasskey);
  return {
    passkeys: passkeys.sort((a, b) => b.createdAt - a.createdAt),
    signal: factors?.userHandle === undefined ? null : signalOf(deps.rp(), caller, factors),
  };
};

/** What the owner may know of a passkey. The public key stays here: nobody needs it. */
export const describePasskey = (passkey: Passkey) => ({
  id: passkey.id,
  name: passkey.name,
  createdAt: passkey.createdAt,
  lastUsedAt: passkey.lastUsedAt ?? null,
  synced: passkey.backupEligible,
  backedUp: passkey.backedUp,
  userVerified: passkey.userVerified,
  transports: [...passkey.transports],
  aaguid: passkey.aaguid,
  attestation: passkey.attestation,
  cloneWarningAt: passkey.cloneWarningAt ?? null,
});

/** What the Signal API takes after a change: passkeys that are not listed need not be offered again. */
export const signalOf = (rp: RelyingParty, caller: Caller, factors: Factors | undefined): Signal => {
  const name = personName(rp, caller);
  return {
    rpId: rp.id,
    userId: factors?.userHandle ?? "",
    allAcceptedCredentialIds: (factors?.passkeys ?? []).map(({ id }) => id),
    name,
    displayName: name,
  };
};

/** What an authenticator shows the person of the account: its address, never its id. */
export const personName = (rp: RelyingParty, caller: Caller): string => caller.token.email ?? rp.name;
