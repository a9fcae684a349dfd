import type { SecurityEvent } from "../../kernel/event.js";
import { isDomainError } from "../../kernel/errors.js";
import type { Visitor } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityEvent } from "../events.js";
import type { Factors } from "../factors/factors.js";
import { completeSignIn, type Binding } from "../sessions/complete-sign-in.js";
import { amrOf, assuranceOf } from "./assurance.js";
import { countUse } from "./count-use.js";
import { decoyOf } from "./decoy.js";
import { requestOptionsOf } from "./options.js";
import { ask, take } from "./passkey-challenge.js";
import { checkUse, policyOf } from "./policy.js";
import { reasonOf, refuse } from "./refusal.js";
import { readAssertion, verifyAssertion, type Asserted } from "./verify-assertion.js";

/** Options for a sign-in, by button or by autofill. They are the same for everybody, so they tell nothing of any account. */
export const beginSignIn = async (deps: Pick<IdentityDeps, "challenges" | "rp" | "clock" | "random">) => {
  const rp = deps.rp();
  const { challenge, octets, expiresAt, renewAfterMs } = await ask(deps, { purpose: "passkey.sign-in" });
  const options = requestOptionsOf(rp, { octets, userVerification: "preferred" });
  return { challenge, options, expiresAt, renewAfterMs };
};

export interface PasskeySignIn {
  readonly challenge: string;
  readonly response: unknown;
  readonly device: { readonly name: string };
  readonly binding?: Binding | undefined;
}

/**
 * Signs in with a passkey. An account that is closed or blocked, a passkey that nobody has and one that is wrong get the same
 * answer; only whoever showed a right one hears more: that their role needs another kind, or that the sign-in is too risky.
 *
 * @throws identity/passkey-rejected, -passkey-not-allowed, -sign-in-refused
 */
export const finishSignIn = async (deps: IdentityDeps, visitor: Visitor, given: PasskeySignIn) => {
  const found: { uid?: string } = {};
  try {
    const { uid, asserted } = await identify(deps, given, found);
    const roles = (await deps.sessions.account(uid))?.roles ?? [];
    checkUse(policyOf(roles), asserted);
    const [amr, assurance] = [amrOf(asserted), assuranceOf(asserted)];
    const { device, binding } = given;
    return await completeSignIn(deps, { uid, provider: "passkey", amr, assurance, device, binding, visitor });
  } catch (error) {
    const refused = isBarred(error) ? refuse("account-barred", error) : error;
    // What the sign-in policy refused, it has told.
    if (!isDomainError(error, "identity/sign-in-refused")) await tell(deps, visitor, found.uid, reasonOf(refused));
    throw refused;
  }
};

const identify = async (
  deps: IdentityDeps,
  { challenge: id, response }: PasskeySignIn,
  found: { uid?: string },
): Promise<{ uid: string; asserted: Asserted }> => {
  const challenge = await take(deps, id, { purpose: "passkey.sign-in" });
  const assertion = readAssertion(response);
  const uid = await deps.factors.ownerOf(assertion.id);
  // The same reads and the same signature check, whether anybody has this passkey or not.
  const factors: Factors | undefined = await deps.factors.find(uid ?? NOBODY);
  const passkey = factors?.passkeys.find((each) => each.id === assertion.id);
  const { userHandle } = factors ?? {};
  const against = {
    response: assertion,
    challenge,
    passkey: passkey ?? decoyOf(assertion.id),
    userHandle,
    named: false,
  };
  if (uid !== undefined) found.uid = uid;
  const asserted = await verifyAssertion(deps.rp(), against);
  if (uid === undefined || passkey === undefined) throw refuse("unknown-credential");
  await countUse(deps, uid, { id: passkey.id, ...asserted });
  return { uid, asserted };
};

// Nobody's: account ids have at most 128 characters.
const NOBODY = "-".repeat(129);

const isBarred = (error: unknown): boolean =>
  isDomainError(error, "identity/sign-in-refused") &&
  Array.isArray(error.details["reasons"]) &&
  error.details["reasons"].some((reason) => reason === "blocked" || reason === "account-closed");

const tell = (
  deps: Pick<IdentityDeps, "record">,
  visitor: Visitor,
  subject: string | undefined,
  reason: string,
): Promise<void> => {
  const event: SecurityEvent = {
    type: identityEvent["factor-rejected"],
    outcome: "failure",
    ...(subject !== undefined && { subject }),
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    detail: { method: "passkey", step: "sign-in", reason },
  };
  return deps.record(event);
};
