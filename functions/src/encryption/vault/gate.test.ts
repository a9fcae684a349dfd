import { describe, expect, test } from "@jest/globals";
import { bindTo, gateWorld, START } from "../../platform/gate.fixture.js";
import { transactionHash } from "../../platform/assure.js";
import type { Session } from "../../platform/session.js";
import { vaultApi } from "./api.js";
import { codeOf } from "./vault.fixture.js";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const OTHER = "BBBBBBBBBBBBBBBBBBBBBB";
const SCOPE = "encryption.vault";
const open = vaultApi["vault-open"];
const approve = vaultApi["vault-approve"];
const decision = { id: ID, uid: "bob", collection: "people", fields: ["scan"] };

const given = (transaction: object): Session["stepUp"] => ({
  [SCOPE]: { at: START, transaction: transactionHash(SCOPE, transaction) },
});

/** An officer's session that lacks nothing, with a second factor given for opening `ID`. */
const officer = (over: Partial<Session> = {}) => {
  const made = gateWorld({
    roles: ["user", "privacy-officer"],
    aal: 2,
    amr: ["pwd", "otp", "mfa"],
    stepUp: given(open.transaction({ id: ID })),
  });
  made.world.stored = { ...made.world.stored!, ...bindTo(made.world.device), ...over };
  return made;
};

describe("the gate before an opening", () => {
  test("lets the officer through once for one second factor", async () => {
    const { call } = officer();
    expect(await codeOf(call(open, { data: { id: ID } }))).toBe("went through");
    expect(await codeOf(call(open, { data: { id: ID } }))).toBe("request/step-up-required");
  });

  test.each<[string, Partial<Session>, string]>([
    ["whose role was taken away after the approval", { roles: ["user"] }, "request/forbidden"],
    ["who is an administrator and no officer", { roles: ["user", "admin"] }, "request/forbidden"],
    ["whose session was revoked after the approval", { revokedAt: START }, "request/session-revoked"],
    ["whose session idled", { idleExpiresAt: START }, "request/session-expired"],
    ["without a second factor in the session", { aal: 1, amr: ["pwd"] }, "request/assurance-too-low"],
    ["with text messages only", { amr: ["pwd", "sms", "mfa"] }, "request/method-too-weak"],
  ])("stops an officer %s", async (_who, over, code) => {
    expect(await codeOf(officer(over).call(open, { data: { id: ID } }))).toBe(code);
  });

  test("stops whoever cannot prove the device's key", async () => {
    const { call } = officer();
    expect(await codeOf(call(open, { data: { id: ID }, proof: undefined }))).toBe("request/proof-required");
  });

  test("stops a second factor that was given for anything else: another request, another step, the scope as such", async () => {
    for (const stepUp of [
      given(open.transaction({ id: OTHER })),
      given(approve.transaction(decision)),
      given({ id: ID, change: "cancel" }),
      { [SCOPE]: { at: START } },
      { any: { at: START } },
    ])
      expect(await codeOf(officer({ stepUp }).call(open, { data: { id: ID } }))).toBe("request/step-up-required");
  });
});

test("a second factor approves what was shown, and no other request, person or field", async () => {
  const through = (data: object) =>
    codeOf(officer({ stepUp: given(approve.transaction(decision)) }).call(approve, { data: { ...data } }));
  expect(await through(decision)).toBe("went through");
  for (const other of [{ id: OTHER }, { uid: "ann" }, { collection: "vault" }, { fields: ["secret"] }])
    expect(await through({ ...decision, ...other })).toBe("request/step-up-required");
  expect(
    await codeOf(
      officer({ stepUp: given(approve.transaction(decision)) }).call(vaultApi["vault-deny"], { data: { ...decision } }),
    ),
  ).toBe("request/step-up-required");
});

test("no row of the vault is without the officer's permission, assurance, device proof and live session", () => {
  for (const { session, permission, assurance, proof } of Object.values(vaultApi))
    expect({ session, permission, assurance, proof }).toEqual({
      session: "strict",
      permission: "vault.open",
      assurance: 2,
      proof: true,
    });
});
