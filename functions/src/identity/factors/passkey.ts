import type { EpochMs } from "../../kernel/time.js";

/** A passkey as it was registered, and as it was last used. */
export interface Passkey {
  /** Credential id, base64url. */
  readonly id: string;
  /** COSE_Key, as the authenticator gave it. */
  readonly publicKey: Uint8Array;
  /** WebAuthn §6.1.1; stays 0 where an authenticator does not count. */
  readonly counter: number;
  readonly transports: readonly string[];
  /** The authenticator's model, a UUID; zeros when it does not say. Proven only where `attestation` is `trusted`. */
  readonly aaguid: string;
  /** BE: the key may be copied to other devices. Never changes. */
  readonly backupEligible: boolean;
  /** BS: it has been, as of the last use. */
  readonly backedUp: boolean;
  /** Whether PIN or biometric was asked for at registration. */
  readonly userVerified: boolean;
  readonly attestation: "none" | "untrusted" | "trusted";
  readonly name: string;
  readonly createdAt: EpochMs;
  readonly lastUsedAt?: EpochMs;
  /** When its counter last failed to grow: there may be a copy of the key. */
  readonly cloneWarningAt?: EpochMs;
}
