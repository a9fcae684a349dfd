import { describe, expect, test } from "@jest/globals";
import { caller, identity, NOW, SID, storedSession } from "../identity.fixture.js";
import { endStolen } from "../sessions/end-stolen.js";
import { observeSession } from "../sessions/observe-session.js";
import { caepOf } from "./caep.js";
import { event } from "./signals.fixture.js";

const accepted = { name: "identity.factor-accepted", detail: { method: "totp", assurance: 2, assuranceBefore: 1 } };

test.each([
  ["a session that its owner ended", {}, "session-revoked", { initiating_entity: "user" }],
  ["one that an operator ended", { actor: "olga" }, "session-revoked", { initiating_entity: "admin" }],
  ["one that an incident ended", { actor: "system" }, "session-revoked", { initiating_entity: "policy" }],
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
  expect(caepOf(Object.assign(event(), over))).toBeUndefined();
});

describe("a session that was ended for suspicion is told, as the event that its end records", () => {
  const suspect = async () => {
    const world = identity();
    const session = storedSession();
    await world.deps.sessions.start({ uid: "ann", sid: SID, signedInAt: NOW, at: NOW, build: () => session });
    const told = () => {
      const { type, ...message } = world.told.at(-1)!;
      return { name: type.name, outcome: message.outcome, caep: caepOf({ id: "1", at: NOW, ...type, ...message }) };
    };
    return { ...world, session, last: told };
  };
  const policy = { initiating_entity: "policy" };

  test("stolen: somebody holds a copy of its secret", async () => {
    const { deps, session, last } = await suspect();
    const { ip, userAgent } = caller();
    await endStolen(deps, { session, ip, userAgent });
    expect(last()).toMatchObject({
      name: "identity.session-stolen",
      outcome: "failure",
      caep: { event: "session-revoked", claims: { ...policy, reason_admin: { en: "Session ended: stolen." } } },
    });
  });

  test("hijacked: too much around it changed at once", async () => {
    const { deps, session, places, last } = await suspect();
    places.set("198.51.100.9", { country: "BR", asn: 26599, asnName: "Vivo" });
    const strange = { session, ip: "198.51.100.9", userAgent: "curl/8.5.0", proven: false };
    await expect(observeSession(deps, strange)).rejects.toMatchObject({ code: "request/session-revoked" });
    expect(last()).toMatchObject({
      name: "identity.session-hijacked",
      outcome: "failure",
      caep: { event: "session-revoked", claims: { ...policy, reason_admin: { en: "Session ended: hijacked." } } },
    });
  });
});
