import { defineEvents } from "../kernel/event.js";

// OCSF 1.8 activities: authentication 1 logon, 2 logoff; authorize-session 1 assign privileges;
// account-change 1 create, 9 lock, 10 MFA factor enable, 11 MFA factor disable, 99 other.
export const identityEvent = defineEvents("identity", {
  "account-prepared": {
    class: "account-change",
    activity: 1,
    severity: "informational",
    message: "Security settings were created.",
  },
  "session-started": {
    class: "authentication",
    activity: 1,
    severity: "informational",
    message: "A person signed in.",
  },
  "session-challenged": {
    class: "authentication",
    activity: 1,
    severity: "medium",
    message: "A risky sign-in must show a second factor.",
  },
  "session-risky": {
    class: "authentication",
    activity: 1,
    severity: "high",
    message: "A risky sign-in stood, for want of a second factor.",
  },
  "session-refused": { class: "authentication", activity: 1, severity: "medium", message: "A sign-in was refused." },
  "session-ended": { class: "authentication", activity: 2, severity: "informational", message: "A person signed out." },
  "session-revoked": {
    class: "authentication",
    activity: 2,
    severity: "low",
    message: "A session was ended from elsewhere.",
  },
  "factor-accepted": {
    class: "authorize-session",
    activity: 1,
    severity: "informational",
    message: "A second factor was accepted.",
  },
  "factor-rejected": { class: "authentication", activity: 1, severity: "low", message: "A second factor was wrong." },
  "factor-exhausted": {
    class: "authentication",
    activity: 1,
    severity: "medium",
    message: "A second factor was tried too often.",
  },
  "factor-added": {
    class: "account-change",
    activity: 10,
    severity: "informational",
    message: "A second factor was set up.",
  },
  "factor-removed": {
    class: "account-change",
    activity: 11,
    severity: "medium",
    message: "A second factor was removed.",
  },
  "factor-disabled": {
    class: "account-change",
    activity: 11,
    severity: "high",
    message: "A second factor was disabled after too many failures.",
  },
  "backup-regenerated": {
    class: "account-change",
    activity: 99,
    severity: "low",
    message: "New backup codes were made.",
  },
  "access-blocked": { class: "account-change", activity: 9, severity: "high", message: "Sign-in was blocked." },
});
