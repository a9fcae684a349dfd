import { expect, test } from "@jest/globals";
import { NOW } from "../identity.fixture.js";
import { caepOf } from "./caep.js";
import { event } from "./signals.fixture.js";

const accepted = { name: "identity.factor-accepted", detail: { method: "totp", assurance: 2, assuranceBefore: 1 } };

test.each([
  ["a session that its owner ended", {}, "session-revoked", { initiating_entity: "user" }],
  ["one that an operator ended", { actor: "olga" }, "session-revoked", { initiating_entity: "admin" }],
  ["one that an incident ended", { actor: "system" }, "session-revoked", { initiating_entity: "policy" }],
  ["a stolen session", { name: "identity.session-stolen" }, "session-revoked", { initiating_entity: "policy" }],
  ["signing out", { name: "identity.session-ended" }, "session-revoked", {}],
  [
    "a new authenticator app",
    { name: "identity.factor-added", detail: { method: "totp" } },
    "credential-change",
    { credential_type: "app", change_type: "create" },
  ],
  [
    "a passkey removed",
    { name: "identity.factor-removed", detail: { method: "passkey" } },
    "credential-change",
    { credential_type: "fido2-platform", change_type: "delete" },
  ],
  [
    "a factor disabled",
    { name: "identity.factor-disabled", detail: { method: "totp" } },
    "credential-change",
    { change_type: "revoke", initiating_entity: "policy" },
  ],
  [
    "a new password",
    { name: "identity.password-changed" },
    "credential-change",
    { credential_type: "password", change_type: "update" },
  ],
  [
    "a second factor shown",
    accepted,
    "assurance-level-change",
    {
      namespace: "NIST-AAL",
      current_level: "nist-aal2",
      previous_level: "nist-aal1",
      change_direction: "increase",
    },
  ],
] as const)("%s is told in CAEP's words", (_, over, name, claims) => {
  const caep = caepOf(event(over));
  expect(caep?.event).toBe(name);
  expect(caep?.claims).toMatchObject({ event_timestamp: Math.floor(NOW / 1_000), ...claims });
});

test.each([
  ["what was only tried", { outcome: "failure" }],
  ["what concerns nobody", { subject: undefined }],
  ["a sign-in", { name: "identity.session-started" }],
  ["an event of another domain", { name: "privacy.erasure-finished" }],
  ["a second factor that raised nothing", { ...accepted, detail: { assurance: 2, assuranceBefore: 2 } }],
  ["a factor of no known kind", { name: "identity.factor-added", detail: { method: "horoscope" } }],
  ["a name that objects have by nature", { name: "constructor" }],
] as const)("%s is not told", (_, over) => {
  const { subject, ...rest } = { subject: "ann" as string | undefined, ...over };
  const { subject: __, ...base } = event(rest as object);
  expect(caepOf({ ...base, ...(subject !== undefined && { subject }) })).toBeUndefined();
});
