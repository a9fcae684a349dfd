import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { gateWorld, START } from "../../platform/gate.fixture.js";
import { HOUR } from "../../kernel/time.js";
import type { Policy } from "../../platform/api.js";
import { factorsApi } from "../factors/api.js";
import { caller } from "../identity.fixture.js";
import { startSession } from "../sessions/start-session.js";
import { FACTORS_SCOPE } from "./paths.js";
import { annLosesAll, recoveryWorld } from "./recovery.fixture.js";

// What counts afterwards is what the gate lets through, so the gate itself is asked.
const enrol: Partial<Policy> = { stepUp: factorsApi["totp-enrol"].stepUp };
const elsewhere: Partial<Policy> = { stepUp: "privacy.erase" };

const recovered = (methods: readonly string[]) => {
  const { call, world } = gateWorld({
    amr: ["pwd", "recovery"],
    stepUp: { [FACTORS_SCOPE]: { at: START } },
    startedAt: START - HOUR,
  });
  world.methods = methods;
  return { call, world };
};

describe("a session that went through a recovery", () => {
  test.each([[[]], [["passkey"]]])("may set up a factor, whatever others are left (%j)", async (methods) => {
    await expect(recovered(methods).call(enrol)).resolves.toBeDefined();
  });

  test("may do so for as long as a step-up lasts", async () => {
    const { call, world } = recovered(["passkey"]);
    world.now = START + config.session.stepUpMs;
    await expect(call(enrol)).rejects.toMatchObject({ code: "request/step-up-required" });
  });

  test("may do nothing else that is guarded, and nothing that wants assurance", async () => {
    const { call } = recovered(["passkey"]);
    await expect(call(elsewhere)).rejects.toMatchObject({ code: "request/step-up-required" });
    await expect(call({ assurance: 2 })).rejects.toMatchObject({ code: "request/assurance-too-low" });
  });
});

describe("a password that was forgotten and set anew by Firebase's mail (OWASP ASVS 6.4.3)", () => {
  const afterReset = async () => {
    const world = recoveryWorld();
    await annLosesAll(world);
    const before = await world.deps.factors.find("ann");
    const session = await startSession(world.deps, caller({ sid: "after-password-reset-1" }), { name: "New laptop" });
    return { ...world, before, session };
  };

  test("is a new first factor and nothing more: assurance 1, and the second factor is asked for as before", async () => {
    const { deps, before, session } = await afterReset();
    expect(session).toMatchObject({ assurance: 1, methods: expect.arrayContaining(["totp", "passkey"]) });
    expect(await deps.factors.find("ann")).toEqual(before);
    const stored = await deps.sessions.find("after-password-reset-1");
    expect(stored).toMatchObject({ aal: 1, stepUp: {} });
    expect(stored?.mfaAt).toBeUndefined();
  });

  test("opens neither the factors nor anything else that is guarded", async () => {
    const { call, world } = gateWorld({ amr: ["pwd"] });
    world.methods = ["totp", "passkey"];
    for (const row of [enrol, elsewhere])
      await expect(call(row)).rejects.toMatchObject({ code: "request/step-up-required" });
  });
});
