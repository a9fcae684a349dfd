/** What a recovery opens in the session that went through it. */
export const FACTORS_SCOPE = "identity.factors";

/** What a passkey's challenge is asked for, when the passkey is the second piece. */
export const RECOVERY_SCOPE = "identity.recovery";

/** A piece of evidence that whoever asks is the owner, beside the sign-in itself (which never counts). */
export type Evidence =
  /** The link mailed to the account's confirmed address: an issued recovery code, NIST SP 800-63B-4 §4.2.1.2. */
  | "link"
  /** The code mailed to a confirmed recovery address: another issued one, over another way. */
  | "address-code"
  /** One of the codes saved at set-up: §4.2.1.1. */
  | "backup-code"
  /** An authenticator that is still bound to the account. */
  | "passkey"
  /** Two administrators who know the person, and nobody's objection while it was held: stands for §4.2.1.4. */
  | "two-administrators";

/** One way back into an account. */
export interface Path {
  readonly lost: string;
  /** Each line suffices; all of a line are needed. */
  readonly suffices: readonly (readonly Evidence[])[];
  /** Whether it waits, and can be stopped, after everybody was told. */
  readonly held: boolean;
  readonly nist: string;
}

/** Which evidence suffices for which loss. `docs/recovery.md` explains it. */
export const PATHS = {
  "saved-code": {
    lost: "an authenticator, with a saved backup code left",
    suffices: [["backup-code"]],
    held: false,
    nist: "§4.2.1.1, §4.2.2.1: together with the first factor just given",
  },
  "two-pieces": {
    lost: "the second factors",
    suffices: [
      ["link", "address-code"],
      ["link", "backup-code"],
      ["link", "passkey"],
    ],
    held: false,
    nist: "§4.2.2.2: two codes by different ways, or one code and a bound authenticator",
  },
  "admin-reset": {
    lost: "every way but the first factor",
    suffices: [["two-administrators"]],
    held: true,
    nist: "§4.2.1.4, §4.2.2.2: the person is identified anew",
  },
} as const satisfies Record<string, Path>;

/** Whether the evidence is enough for that path. A piece shown twice is one piece. */
export const suffices = (path: keyof typeof PATHS, shown: readonly Evidence[]): boolean =>
  PATHS[path].suffices.some((needed) => needed.every((piece) => shown.includes(piece)));
