import type { Owner } from "./owners.ts";
import type { FirekeepCalls } from "../../functions/src/api.js";

/** What a call's input names, and so whose door it could open. */
export type Names =
  /** Nothing: the answer is about whoever calls. */
  | "nothing"
  /** Something unguessable that is itself the proof, such as a mailed link's token. */
  | "secret"
  /** Other people, or what belongs to nobody: an operator's call, and its permission is what opens it. */
  | "others"
  /** Something of one person: theirs it opens (`mine`: the code, or `ok`), to anybody else it says what it says of nothing. */
  | {
      readonly of: (owner: Owner) => object;
      /** Absent: the owner too needs more than the name of it, such as the code that was mailed. */
      readonly mine?: string;
      readonly theirs: string;
      /** Roles whose work it is. */
      readonly operators?: readonly string[];
    };

const CODE = "12345678";
const DEVICE = { name: "Laptop" };
const ASSERTION = {
  id: "AA",
  rawId: "AA",
  type: "public-key",
  response: { clientDataJSON: "AA", authenticatorData: "AA", signature: "AA" },
};
const ATTESTATION = { ...ASSERTION, response: { clientDataJSON: "AA", attestationObject: "AA" } };

/** For every callable, what its input names. A new one does not compile until somebody has said so. */
export const objects: { readonly [Id in keyof FirekeepCalls]: Names } = {
  "identity-session-start": "nothing",
  "identity-session-list": "nothing",
  "identity-session-rename": {
    of: ({ otherSid }) => ({ sid: otherSid, name: "Mine now" }),
    mine: "ok",
    theirs: "identity/session-unknown",
  },
  "identity-session-revoke": {
    of: ({ otherSid }) => ({ sid: otherSid }),
    mine: "ok",
    theirs: "identity/session-unknown",
  },
  "identity-session-revokeothers": "nothing",
  "identity-session-revokeall": "nothing",
  "identity-session-expel": "others",
  "identity-session-rotate": "nothing",
  "identity-session-end": "nothing",
  "identity-security-read": "nothing",
  "identity-signin-list": "nothing",
  "identity-totp-enrol": "nothing",
  "identity-totp-confirm": "nothing",
  "identity-totp-verify": "nothing",
  "identity-totp-remove": "nothing",
  "identity-backup-verify": "nothing",
  "identity-backup-regenerate": "nothing",
  "identity-device-trust": "nothing",
  "identity-device-list": "nothing",
  "identity-device-revoke": { of: ({ trusted }) => ({ id: trusted }), mine: "ok", theirs: "identity/device-unknown" },
  "identity-recovery-start": "nothing",
  "identity-recovery-finish": "secret",
  "identity-recovery-read": "nothing",
  "identity-recovery-cancel": "nothing",
  "identity-recovery-disown": "secret",
  "identity-reset-request": "others",
  "identity-reset-approve": "others",
  "identity-reset-cancel": "others",
  "identity-reset-list": "others",
  "identity-receiver-register": "others",
  "identity-receiver-list": "others",
  "identity-receiver-remove": "others",
  "identity-receiver-verify": "others",
  "identity-signal-read": "others",
  "identity-role-read": "nothing",
  "identity-role-list": "others",
  "identity-role-grant": "others",
  "identity-role-revoke": "others",
  "identity-role-proposals": "others",
  "identity-role-approve": "others",
  "identity-role-refuse": "others",
  "identity-password-signup": "nothing",
  "identity-password-confirm": {
    of: ({ challenge, email }) => ({
      challenge,
      code: CODE,
      email,
      password: "an orchard in the rain",
      device: DEVICE,
    }),
    theirs: "identity/proxy-off",
  },
  "identity-password-signin": "nothing",
  "identity-password-change": "nothing",
  "identity-email-change": "nothing",
  "identity-email-confirm": {
    of: ({ challenge, email }) => ({ challenge, code: CODE, email }),
    theirs: "identity/code-rejected",
  },
  "identity-passkey-enrol": "nothing",
  "identity-passkey-confirm": {
    of: ({ challenge }) => ({ challenge, name: "Mine now", response: ATTESTATION }),
    theirs: "identity/passkey-rejected",
  },
  "identity-passkey-begin": "nothing",
  "identity-passkey-finish": {
    of: ({ challenge }) => ({ challenge, response: ASSERTION, device: DEVICE }),
    theirs: "identity/passkey-rejected",
  },
  "identity-passkey-challenge": "nothing",
  "identity-passkey-verify": {
    of: ({ challenge }) => ({ challenge, response: ASSERTION }),
    theirs: "identity/passkey-rejected",
  },
  "identity-passkey-list": "nothing",
  "identity-passkey-rename": {
    of: ({ passkey }) => ({ id: passkey, name: "Mine now" }),
    mine: "ok",
    theirs: "identity/factor-missing",
  },
  "identity-passkey-remove": { of: ({ passkey }) => ({ id: passkey }), mine: "ok", theirs: "identity/factor-missing" },
  "identity-mailcode-send": "nothing",
  "identity-mailcode-verify": { of: ({ challenge }) => ({ challenge, code: CODE }), theirs: "identity/code-rejected" },
  "identity-mailcode-begin": "nothing",
  "identity-mailcode-finish": {
    of: ({ challenge }) => ({ challenge, code: CODE, device: DEVICE }),
    theirs: "identity/code-rejected",
  },
  "identity-address-add": "nothing",
  "identity-address-confirm": { of: ({ challenge }) => ({ challenge, code: CODE }), theirs: "identity/code-rejected" },
  "identity-address-list": "nothing",
  "identity-address-remove": { of: ({ address }) => ({ id: address }), mine: "ok", theirs: "identity/address-unknown" },
  "identity-notice-deny": "secret",
  "encryption-document-write": {
    of: ({ uid }) => ({ collection: "profiles", params: { uid }, values: { displayName: "Mine now" } }),
    mine: "ok",
    theirs: "encryption/not-yours",
  },
  "encryption-document-read": {
    of: ({ uid }) => ({ collection: "profiles", params: { uid } }),
    mine: "ok",
    theirs: "encryption/not-yours",
  },
  // The person's own; a privacy officer, which an administrator is too, may find anyone's.
  "encryption-document-find": {
    of: ({ email }) => ({ collection: "profiles", field: "email", value: email }),
    mine: "ok",
    theirs: "ok",
    operators: ["admin"],
  },
  "encryption-file-begin": {
    of: ({ uid }) => ({ folder: "attachments", params: { uid }, size: 3, contentType: "image/png" }),
    mine: "ok",
    theirs: "encryption/not-yours",
  },
  "encryption-file-list": {
    of: ({ uid }) => ({ folder: "attachments", params: { uid } }),
    mine: "ok",
    theirs: "encryption/not-yours",
  },
  "encryption-file-finish": { of: ({ file }) => ({ file }), mine: "ok", theirs: "encryption/file-unknown" },
  "encryption-file-open": { of: ({ file }) => ({ file }), mine: "ok", theirs: "encryption/file-unknown" },
  // Theirs goes with its objects in the bucket, which is not here: files.suite.test.ts.
  "encryption-file-remove": { of: ({ file }) => ({ file }), theirs: "encryption/file-unknown" },
  "encryption-key-status": "others", // numbers of the whole project, and of nobody
  "encryption-vault-request": "others",
  "encryption-vault-approve": "others",
  "encryption-vault-deny": "others",
  "encryption-vault-open": "others",
  "encryption-vault-cancel": "others",
  "encryption-vault-list": "others",
  "detection-rule-list": "others",
  "privacy-export-request": "nothing",
  "privacy-export-status": { of: ({ request }) => ({ request }), mine: "ok", theirs: "privacy/request-unknown" },
  "privacy-access-list": "nothing",
  "privacy-erasure-request": "nothing",
  "incidents-incident-list": "others",
  "incidents-incident-read": "others",
  "incidents-incident-triage": "others",
  "incidents-webhook-register": "others",
  "incidents-webhook-list": "others",
  "incidents-webhook-remove": "others",
  "audit-log-export": "others",
  "audit-log-checkpoint": "others",
};
