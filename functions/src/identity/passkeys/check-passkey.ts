import type { Assurance } from "../../platform/session.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { tellFactor, type GivenFactor } from "../factors/given-factor.js";
import { amrOf, assuranceIn } from "./assurance.js";
import { decoyOf } from "./decoy.js";
import { requestOptionsOf } from "./options.js";
import { ask, take } from "./passkey-challenge.js";
import { checkUse, policyOf } from "./policy.js";
import { notAllowed, reasonOf, refuse } from "./refusal.js";
import { countUse } from "./count-use.js";
import { readAssertion, verifyAssertion, type Asserted } from "./verify-assertion.js";
import type { Caller } from "../../platform/secure-call.js";
import { sessionOf } from "../sessions/revoke-sessions.js";

/** Options for a step-up with one of the account's own passkeys. Good for this session, scope and transaction only. */
export const challengePasskey = async (
  deps: Pick<IdentityDeps, "factors" | "challenges" | "rp" | "clock" | "random">,
  caller: Caller,
  { scope, transaction }: { scope: string; transaction?: string | undefined },
) => {
  const { uid, sid, roles } = sessionOf(caller);
  const rp = deps.rp();
  const passkeys = (await deps.factors.find(uid))?.passkeys ?? [];
  if (passkeys.length === 0) throw identityError("factor-missing");
  const bond = {
    purpose: "passkey.step-up",
    uid,
    sid,
    scope,
    ...(transaction !== undefined && { transaction }),
  } as const;
  const { challenge, octets, expiresAt, renewAfterMs } = await ask(deps, bond);
  const { userVerification } = policyOf(roles);
  return { challenge, options: requestOptionsOf(rp, { octets, userVerification, passkeys }), expiresAt, renewAfterMs };
};

type Deps = Pick<IdentityDeps, "factors" | "challenges" | "record" | "rp" | "clock">;

/** A passkey as it was given for a step-up. */
export type GivenPasskey = GivenFactor & {
  readonly proof: { readonly method: "passkey"; readonly challenge: string; readonly response: unknown };
};

/**
 * Accepts the passkey as the session's second factor, or throws. One that showed presence only adds nothing to a sign-in that
 * was made with a passkey by presence only: it may be the same one.
 */
export const checkPasskey = async (
  deps: Deps,
  given: GivenPasskey,
): Promise<{ amr: string[]; assurance: Assurance }> => {
  const { session } = given;
  try {
    const asserted = await assert(deps, given);
    checkUse(policyOf(session.roles), asserted);
    const assurance = assuranceIn(session, asserted);
    if (assurance === 1) throw notAllowed("user-verification");
    return { amr: amrOf(asserted), assurance };
  } catch (error) {
    const detail = { method: "passkey", step: "step-up", reason: reasonOf(error) };
    await deps.record({ ...tellFactor(identityEvent["factor-rejected"], "failure", given), detail });
    throw error;
  }
};

const assert = async (deps: Deps, { session, proof, scope, transaction }: GivenPasskey): Promise<Asserted> => {
  const { uid, sid } = session;
  const bond = {
    purpose: "passkey.step-up",
    uid,
    sid,
    scope,
    ...(transaction !== undefined && { transaction }),
  } as const;
  const challenge = await take(deps, proof.challenge, bond);
  const response = readAssertion(proof.response);
  const factors = await deps.factors.find(uid);
  const passkey = factors?.passkeys.find((each) => each.id === response.id);
  const { userHandle } = factors ?? {};
  const against = { response, challenge, passkey: passkey ?? decoyOf(response.id), userHandle, named: true };
  const asserted = await verifyAssertion(deps.rp(), against);
  if (passkey === undefined) throw refuse("unknown-credential");
  await countUse(deps, uid, { id: passkey.id, ...asserted });
  return asserted;
};
