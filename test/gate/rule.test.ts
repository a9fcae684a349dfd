import { describe, expect, test } from "@jest/globals";
import { rows, type Row } from "./rows.ts";
import { isElevated } from "../../functions/src/platform/assure.js";

const OPEN = "nobody is signed in yet, so there is no session whose key it could be";
const LINK = "opened from a mail, on any device: the link itself is the proof";
const OWN_DATA = "a person writes what is their own; the data map says what it may be";
const LOOK = "a person looks at what is their own; a session that is bound proves its key here too";

/**
 * Calls that a session without a device key may make. Everything else must be proven by the device's key, with a proof that
 * counts once and the session's secret along. A new one is a decision: it belongs here with its reason.
 */
const UNPROVEN: Readonly<Record<string, string>> = {
  "identity-session-start": "makes the session, and binds it",
  "identity-session-end": "leaving must always be possible",
  "identity-session-rename": "a name in the person's own list",
  "identity-mailcode-send": "reaches assurance 1 at most, and opens no scope",
  "identity-mailcode-verify": "reaches assurance 1 at most, and opens no scope",
  "identity-passkey-challenge": "answers a challenge; the call that gives the answer back is proven",
  "identity-mailcode-begin": OPEN,
  "identity-mailcode-finish": OPEN,
  "identity-passkey-begin": OPEN,
  "identity-passkey-finish": OPEN,
  "identity-password-confirm": OPEN,
  "identity-password-signin": OPEN,
  "identity-password-signup": OPEN,
  "identity-notice-deny": LINK,
  "identity-recovery-disown": LINK,
  "identity-address-list": LOOK,
  "identity-device-list": LOOK,
  "identity-passkey-list": LOOK,
  "identity-recovery-read": LOOK,
  "identity-role-read": LOOK,
  "identity-security-read": LOOK,
  "identity-session-list": LOOK,
  "identity-signin-list": LOOK,
  "privacy-access-list": LOOK,
  "encryption-document-read": LOOK,
  "encryption-document-write": OWN_DATA,
  "encryption-file-list": LOOK,
  "encryption-file-open": LOOK,
  "encryption-file-begin": OWN_DATA,
  "encryption-file-finish": OWN_DATA,
  "encryption-file-remove": OWN_DATA,
};

const ids = (fits: (policy: Row["policy"]) => boolean): string[] =>
  rows
    .filter(({ policy }) => fits(policy))
    .map(({ id }) => id)
    .sort();

test("what no device key must prove is the list above, and no more", () => {
  expect(ids(({ proof }) => proof !== true)).toEqual(Object.keys(UNPROVEN).sort());
});

describe("the rule: there is no row that", () => {
  test.each<[string, (policy: Row["policy"]) => boolean]>([
    [
      "asks for a second factor or a permission, and for no proof",
      ({ stepUp, permission, proof }) =>
        (stepUp !== undefined || (permission !== undefined && isElevated(permission))) && proof !== true,
    ],
    [
      "must be proven, and is served from a copy of the session",
      ({ proof, session }) => proof === true && session !== "strict",
    ],
    [
      "names a transaction without a scope",
      ({ transaction, stepUp }) => transaction !== undefined && stepUp === undefined,
    ],
    ["goes over to another secret without a proof", ({ rotates, proof }) => rotates !== undefined && proof !== true],
    [
      "is open to everybody, and asks for what only somebody signed in has",
      ({ session, permission, assurance, stepUp, proof, whileStepUpRequired }) =>
        session === "public" &&
        [permission, assurance, stepUp, proof, whileStepUpRequired].some((wanted) => wanted !== undefined),
    ],
    [
      "is open to everybody, and counts accounts",
      ({ session, limit }) => session === "public" && limit.by !== "network",
    ],
    [
      "is open to everybody, and lets a flood through when the store is down",
      ({ session, limit }) => session === "public" && limit.whenDown !== "refuse",
    ],
    [
      "holds a risky sign-in up for a second factor it asks for itself",
      ({ stepUp, whileStepUpRequired }) => stepUp !== undefined && whileStepUpRequired === true,
    ],
  ])("%s", (_what, fits) => {
    expect(ids(fits)).toEqual([]);
  });
});
