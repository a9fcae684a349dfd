import type { FirekeepCalls } from "../../functions/src/api.js";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const BACKUP_CODE = "ABCDEFGHJKMNPQRSTVWXYZ23";

/** One well-formed input for every callable: a new one does not compile until it has one. */
export const samples: { readonly [Id in keyof FirekeepCalls]: FirekeepCalls[Id]["input"] } = {
  "identity-session-start": { device: { name: "Laptop" } },
  "identity-session-list": {},
  "identity-session-revoke": { sid: ID },
  "identity-session-revokeothers": {},
  "identity-session-end": {},
  "identity-security-read": {},
  "identity-totp-enrol": {},
  "identity-totp-confirm": { code: "123456" },
  "identity-totp-verify": { code: "123456" },
  "identity-totp-remove": {},
  "identity-backup-verify": { code: BACKUP_CODE },
  "identity-backup-regenerate": {},
  "encryption-document-write": { collection: "profiles", params: { uid: "ann" }, values: { displayName: "Ann" } },
  "encryption-document-read": { collection: "profiles", params: { uid: "ann" } },
  "encryption-document-find": { collection: "profiles", field: "email", value: "ann@example.com" },
  "detection-rule-list": {},
  "privacy-export-request": {},
  "privacy-export-status": { request: ID },
  "privacy-access-list": {},
  "privacy-erasure-request": { confirm: "erase" },
  "incidents-incident-list": {},
  "incidents-incident-read": { id: ID },
  "incidents-incident-triage": { id: ID, state: "triaged", note: "Seen." },
  "incidents-webhook-register": { url: "https://example.com/hook" },
  "incidents-webhook-list": {},
  "incidents-webhook-remove": { id: ID },
  "audit-log-export": { from: 0 },
  "audit-log-checkpoint": {},
};
