import type { Assurance, Session } from "../../platform/session.js";
import type { Shown } from "./policy.js";

/**
 * What a passkey reaches by itself (NIST SP 800-63B-4): with PIN or biometric two factors, AAL3 where the key cannot leave its
 * device, AAL2 where it can be copied; presence alone is one factor.
 */
export const assuranceOf = ({ userVerified, backupEligible }: Shown): Assurance =>
  userVerified ? (backupEligible ? 2 : 3) : 1;

/** What it reaches in a session: presence alone is a second factor only where another kind was the first. */
export const assuranceIn = (session: Pick<Session, "amr">, shown: Shown): Assurance =>
  shown.userVerified || session.amr.every((name) => OF_PASSKEYS.has(name)) ? assuranceOf(shown) : 2;

/** RFC 8176: a key bound to its device or one that can be copied, the person's presence, and two factors in one. */
export const amrOf = ({ userVerified, backupEligible }: Shown): string[] => [
  backupEligible ? "swk" : "hwk",
  "user",
  ...(userVerified ? ["mfa"] : []),
];

const OF_PASSKEYS: ReadonlySet<string> = new Set(["hwk", "swk", "user"]);
