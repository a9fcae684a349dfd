import { describe, expect, test } from "@jest/globals";
import { gateWorld, SID, START } from "../../platform/gate.fixture.js";
import { caller, identity } from "../identity.fixture.js";
import { startSession } from "../sessions/start-session.js";

/** The session of a sign-in with Identity Platform's second factor, as its token tells of it, in a gate. */
const signedInBySms = async (roles: readonly string[] = ["user"]) => {
  const { deps, time } = identity();
  time.now = START;
  const { uid, token } = caller();
  const by = caller({ sid: SID, token: { ...token, authTime: START / 1_000, secondFactor: "phone" } });
  await startSession(deps, by, { name: "Ann's phone" });
  const session = await deps.sessions.find(SID);
  return { session, uid, ...gateWorld({ ...session, roles }) };
};

// OWASP ASVS 6.6.1; NIST SP 800-63B-4 §3.2.9.
describe("a code by SMS", () => {
  test("is recorded from the token: assurance 2, by `sms`", async () => {
    const { session } = await signedInBySms();
    expect(session).toMatchObject({ aal: 2, amr: ["pwd", "sms", "mfa"], mfaAt: START });
  });

  test("does for what is one's own", async () => {
    const { call } = await signedInBySms();
    await expect(call({ assurance: 2 })).resolves.toMatchObject({ caller: { uid: "ann" } });
  });

  test("does neither for administrators nor for payments, and the answer names what does", async () => {
    const { call, world } = await signedInBySms(["admin"]);
    const weak = { code: "request/method-too-weak", details: { methods: ["totp", "backup-code"] } };
    await expect(call({ permission: "admin.users" })).rejects.toMatchObject(weak);
    await expect(call({ stepUp: "payments.send" })).rejects.toMatchObject(weak);
    world.methods = [];
    await expect(call({ permission: "admin.users" })).rejects.toMatchObject({ code: "request/factor-required" });
  });
});
