import { config, type PasskeyPolicy } from "../../config.js";
import { notAllowed } from "./refusal.js";

/** What is asked of the passkeys of somebody with these roles: of several roles the strictest counts, point by point. */
export const policyOf = (
  roles: readonly string[],
  policies: typeof config.passkeys.policies = config.passkeys.policies,
): PasskeyPolicy =>
  roles.reduce<PasskeyPolicy>((policy, role) => {
    const own = Object.hasOwn(policies, role) && role !== "default" ? policies[role] : undefined;
    return own === undefined ? policy : stricter(policy, own);
  }, policies.default);

const stricter = (policy: PasskeyPolicy, own: Partial<PasskeyPolicy>): PasskeyPolicy => ({
  ...policy,
  ...own,
  userVerification: own.userVerification === "required" ? "required" : policy.userVerification,
  backupEligible: own.backupEligible === "refuse" ? "refuse" : policy.backupEligible,
  attestation: ATTESTATIONS.findLast((each) => each === policy.attestation || each === own.attestation) ?? "trusted",
});

const ATTESTATIONS = ["none", "direct", "trusted"] as const;

/** What a registration and a use have in common. */
export interface Shown {
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
}

/** @throws identity/passkey-not-allowed, which says what the passkey lacks */
export const checkUse = (policy: PasskeyPolicy, shown: Shown): void => {
  if (policy.userVerification === "required" && !shown.userVerified) throw notAllowed("user-verification");
  if (policy.backupEligible === "refuse" && shown.backupEligible) throw notAllowed("backup-eligible");
};

/** As `checkUse`; also the maker and the model, where the policy asks for them. */
export const checkRegistration = (
  policy: PasskeyPolicy,
  shown: Shown & { aaguid: string; attestation: "none" | "untrusted" | "trusted" },
): void => {
  checkUse(policy, shown);
  if (policy.attestation === "trusted" && shown.attestation !== "trusted") throw notAllowed("attestation");
  const { allow, deny } = policy.aaguids ?? {};
  const denied = deny?.includes(shown.aaguid) === true;
  // Any key may claim to be of an allowed model: only a maker's word counts.
  const missing = allow !== undefined && !(shown.attestation === "trusted" && allow.includes(shown.aaguid));
  if (denied || missing) throw notAllowed("model");
};
