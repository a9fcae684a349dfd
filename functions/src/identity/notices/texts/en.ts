import type { Texts } from "./texts.js";

const WAS_YOU = "If this was you, there is nothing to do.";
const SECURE = "If it was not you, end your sessions and change your password now.";

export const en: Texts = {
  notices: {
    "new-device": {
      subject: "New sign-in to your account",
      says: ["Somebody signed in to your account from a device that was not used for it before."],
      todo: [WAS_YOU, SECURE],
    },
    "risky-sign-in": {
      subject: "Unusual sign-in to your account",
      says: ["A sign-in to your account looked unusual."],
      todo: [WAS_YOU, SECURE],
    },
    "factor-added": {
      subject: "A second factor was added to your account",
      says: ["A new way to confirm sign-ins was set up for your account."],
      todo: [WAS_YOU, SECURE],
    },
    "factor-removed": {
      subject: "A second factor was removed from your account",
      says: ["A way to confirm sign-ins was removed from your account."],
      todo: [WAS_YOU, SECURE],
    },
    "codes-regenerated": {
      subject: "New backup codes for your account",
      says: ["New backup codes were made. All earlier ones no longer work."],
      todo: ["If this was you, keep the new codes in a safe place and throw the old ones away.", SECURE],
    },
    "codes-low": {
      subject: "Few backup codes are left",
      says: ["A backup code was used, and few are left."],
      todo: ["Make new ones in your account's security settings while you can still sign in.", SECURE],
    },
    "recovery-started": {
      subject: "Recovery of your account was started",
      says: ["Somebody started to recover your account."],
      todo: ["If this was you, go on as the other mail says.", "If it was not you, stop it."],
    },
    "recovery-used": {
      subject: "Your account was recovered",
      says: ["Somebody regained access to your account by recovery."],
      todo: ["If this was you, check your second factors and make new backup codes.", SECURE],
    },
    "recovery-cancelled": {
      subject: "Recovery of your account was stopped",
      says: ["A recovery of your account was stopped. Nothing was changed."],
      todo: ["If you did not stop it yourself, somebody with access to your account or your mail did."],
    },
    "reset-requested": {
      subject: "A reset of your second factors was requested",
      says: [
        "An administrator asked to reset the second factors of your account.",
        "It waits, so that you can stop it if you did not ask for it.",
      ],
      todo: ["If you asked for help, there is nothing to do.", "If you did not, stop it now."],
    },
    "password-changed": {
      subject: "Your password was changed",
      says: ["The password of your account was changed."],
      todo: [WAS_YOU, "If it was not you, say so now: all sessions end."],
    },
    "email-changed": {
      subject: "The e-mail address of your account was changed",
      says: ["The e-mail address of your account was changed. The earlier and the new address get this mail."],
      todo: [WAS_YOU, "If it was not you, say so now: all sessions end."],
    },
    "address-added": {
      subject: "A recovery address was added to your account",
      says: ["Another e-mail address now gets the security notices of your account and can help to recover it."],
      todo: [WAS_YOU, SECURE],
    },
    "address-removed": {
      subject: "A recovery address was removed from your account",
      says: ["An e-mail address no longer gets the security notices of your account. This is its last one."],
      todo: [WAS_YOU, SECURE],
    },
    "role-changed": {
      subject: "Roles were changed",
      says: ["What an account may do was changed by an administrator."],
      todo: ["If you did not expect this, ask an administrator."],
    },
    "session-stolen": {
      subject: "A session of your account was ended",
      says: ["A session of your account was used from elsewhere, as if it had been copied. It was ended at once."],
      todo: [
        "Sign in again. If it happens again, look for harmful software or browser extensions on the device.",
        "Change your password if you are not sure.",
      ],
    },
    "session-replaced": {
      subject: "Your oldest session was ended",
      says: ["You had as many sessions as an account may have. A new sign-in ended the oldest one."],
      todo: [WAS_YOU, SECURE],
    },
    "sessions-ended": {
      subject: "You were signed out everywhere",
      says: [
        "An administrator ended all sessions of your account, to protect it. No device of it is trusted any more.",
      ],
      todo: ["You may sign in again. If you do not know why, ask an administrator."],
    },
    "device-trusted": {
      subject: "A device is trusted now",
      says: ["A device of your account is trusted now: it will be asked for confirmation less often."],
      todo: [WAS_YOU, SECURE],
    },
    "vault-opened": {
      subject: "Data of yours was opened",
      says: [
        "Data of yours that is kept under special protection was opened by an authorised person. A second one had agreed to it.",
      ],
      todo: [
        "The list of who accessed your data shows which it was, when, and on what legal basis.",
        "If you have questions, ask whoever runs this service.",
      ],
    },
    "vault-requested": {
      subject: "A request for protected data waits",
      says: ["Another officer asked to see data that only two officers together may open."],
      todo: ["Look at the request in the console, and agree only if you know who asks and why."],
    },
  },
  letters: {
    code: {
      subject: "Your code",
      says: ["You, or somebody who knows this address, asked for a code."],
      todo: [
        "Type it where you asked for it. Never tell it to anybody: nobody of ours will ask you for it.",
        "If you did not ask for it, there is nothing to do.",
      ],
    },
    "account-exists": {
      subject: "You already have an account",
      says: ["You, or somebody who knows this address, tried to sign up with it. It has an account already."],
      todo: ["Sign in instead, or ask for a new password there.", "If it was not you, there is nothing to do."],
    },
    "recovery-link": {
      subject: "Recover your account",
      says: ["You, or somebody who knows this address, asked to recover your account."],
      todo: [
        "You will be asked for a second proof. Nothing changes before that.",
        "If you did not ask for it, do not open the link, and tell nobody of it.",
      ],
    },
    "recovery-code": {
      subject: "Your recovery code",
      says: ["You, or somebody who knows your account, asked to recover it."],
      todo: [
        "Type the code where you began. Never tell it to anybody: nobody of ours will ask you for it.",
        "If you did not ask for it, there is nothing to do.",
      ],
    },
  },
  facts: {
    device: "Device",
    browser: "Browser",
    os: "System",
    country: "Country",
    method: "Method",
    name: "Name",
    remaining: "Codes left",
    outcome: "Outcome",
    news: "New",
    role: "Role",
    change: "Change",
    whose: "Whose",
    roles: "Roles",
    reason: "Reason",
    reasons: "Reasons",
    address: "Address",
    by: "By",
    hours: "Hours to wait",
    runsAt: "It happens",
    until: "Until",
    scope: "For",
    purpose: "For what",
  },
  when: "When",
  notMe: "This was not me (opens a page with one button, which ends the sessions concerned; the link works once):",
  disown: "Stop it (opens a page with one button; the link works once):",
  recover: "Go on here (the link works once):",
  code: "Code",
  codeEnds: (minutes) =>
    minutes >= 120 ? `Good for ${String(Math.floor(minutes / 60))} hours.` : `Good for ${String(minutes)} minutes.`,
  footer: "You get this mail because it is about the security of your account. Nobody reads answers to it.",
};
