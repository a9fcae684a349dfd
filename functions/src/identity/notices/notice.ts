/**
 * What a person is told by mail about the security of their account. The texts are a table in this folder.
 * `notify` keeps a notice in the outbox; delivery follows by itself, to all addresses of the account.
 */
export type NoticeKind =
  | "new-device"
  | "risky-sign-in"
  | "factor-added"
  | "factor-removed"
  | "codes-regenerated"
  | "codes-low"
  | "recovery-started"
  | "recovery-used"
  | "recovery-cancelled"
  | "reset-requested"
  | "password-changed"
  | "email-changed"
  | "address-added"
  | "address-removed"
  | "role-changed"
  | "session-stolen"
  | "session-replaced"
  | "sessions-ended"
  | "device-trusted"
  | "vault-opened"
  | "vault-requested";

export interface Notice {
  /** Makes it once: a second notice with this id is dropped. */
  readonly id: string;
  readonly uid: string;
  readonly kind: NoticeKind;
  /** The session it is about; with it, the mail carries a link by which the person ends it ("this was not me"). */
  readonly sid?: string;
  /** What the text names, such as device, country or method. No secret, no code. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** Token of a link that stops what is under way (`#/disown/<token>`), where there is no session to end. Kept sealed. */
  readonly disown?: string;
  /** Addresses beside those the account has now, such as the one it had before. */
  readonly alsoTo?: readonly string[];
}

export type Notify = (notice: Notice) => Promise<void>;
