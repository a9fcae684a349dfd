import { expect, test } from "@jest/globals";
import { challengePasskey } from "../passkeys/check-passkey.js";
import { confirmPasskey, enrolPasskey } from "../passkeys/enrol-passkey.js";
import { create, get, newKey } from "../passkeys/soft-authenticator.fixture.js";
import { finishRecovery } from "./finish-recovery.js";
import { RECOVERY_SCOPE } from "./paths.js";
import { annLosesAll, recoveryWorld } from "./recovery.fixture.js";
import { startRecovery } from "./start-recovery.js";

const REFUSED = { code: expect.stringMatching(/^identity\/passkey/) as unknown };

/** Ann lost her telephone, and still has a security key. */
const withKey = async () => {
  const world = recoveryWorld();
  const { one, two } = await annLosesAll(world);
  const { challenge, options } = await enrolPasskey(world.deps, one);
  const passkey = { key: newKey("ES256"), id: Buffer.alloc(32, 7), userHandle: options.user.id };
  const response = create({ passkey, challenge: options.challenge });
  await confirmPasskey(world.deps, one, { challenge, response, name: "Key" });
  await startRecovery(world.deps, one);
  const assertion = async (scope: string, by = one) => {
    const asked = await challengePasskey(world.deps, by, { scope });
    const shown = get({ passkey, challenge: asked.options.challenge });
    return { method: "passkey", challenge: asked.challenge, response: shown } as const;
  };
  const finish = (second: Awaited<ReturnType<typeof assertion>>) =>
    finishRecovery(world.deps, one, {
      token: world.mailed().token,
      second,
      lost: { totp: true, passkeys: ["key-of-ann"] },
    });
  return { ...world, two, assertion, finish };
};

test("link and a passkey that is still bound: the lost factors go, the passkey stays, assurance stays", async () => {
  const { deps, assertion, finish } = await withKey();
  expect(await finish(await assertion(RECOVERY_SCOPE))).toMatchObject({ assurance: 1, scope: "identity.factors" });
  const factors = await deps.factors.find("ann");
  expect([factors?.totp, factors?.backup, factors?.passkeys.map(({ name }) => name)]).toEqual([
    undefined,
    undefined,
    ["Key"],
  ]);
});

test.each(["any", "identity.factors", "payment"])(
  "an answer that was asked for scope %s is no piece",
  async (scope) => {
    const { deps, assertion, finish } = await withKey();
    await expect(finish(await assertion(scope))).rejects.toMatchObject(REFUSED);
    expect((await deps.factors.find("ann"))?.totp).toBeDefined();
  },
);

test("nor is one that was asked for in another session, or shown before", async () => {
  const { deps, two, assertion, finish } = await withKey();
  await expect(finish(await assertion(RECOVERY_SCOPE, two))).rejects.toMatchObject(REFUSED);
  const once = await assertion(RECOVERY_SCOPE);
  await deps.challenges.consume(once.challenge, deps.clock());
  await expect(finish(once)).rejects.toMatchObject(REFUSED);
  expect((await deps.factors.find("ann"))?.totp).toBeDefined();
});
