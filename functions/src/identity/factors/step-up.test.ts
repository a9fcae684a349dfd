import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { HOUR, MINUTE } from "../../kernel/time.js";
import { regenerateBackupCodes, removeTotp } from "./change-factors.js";
import { confirmTotp, enrolTotp } from "./enrol-totp.js";
import { caller, codeAt, identity, NOW, SID, storedSession, wrongCode } from "../identity.fixture.js";
import type { StoredSession } from "../sessions/session-store.js";
import { stepUpCounting, stepUpWith } from "./step-up.js";

const totp = (code: string) => ({ method: "totp", code }) as const;
const backup = (code: string) => ({ method: "backup-code", code }) as const;

const signedIn = async (over: Partial<StoredSession> = {}) => {
  const world = identity();
  const build = () => storedSession(over);
  await world.deps.sessions.start({ uid: "ann", sid: SID, signedInAt: NOW, at: NOW, build });
  const by = caller({ session: storedSession(over) });
  return { ...world, by, session: by.session! };
};

const enrolled = async () => {
  const world = await signedIn();
  const { secret } = await enrolTotp(world.deps, world.by);
  const { backupCodes } = await confirmTotp(world.deps, world.by, codeAt(secret, NOW));
  world.time.now += 2 * MINUTE;
  world.told.length = 0;
  const give = (proof: ReturnType<typeof totp> | ReturnType<typeof backup>, scope = "any") =>
    stepUpWith(world.deps, { session: world.session, proof, scope });
  return { ...world, seed: secret, backupCodes, give, right: () => codeAt(secret, world.time.now) };
};

describe("setting up an authenticator app", () => {
  test("answers the same seed as URI, as SVG and as text; nothing is asked for before the first code", async () => {
    const { deps, by } = await signedIn();
    const { uri, qrSvg, secret, expiresAt } = await enrolTotp(deps, by);
    expect(uri).toContain(`secret=${secret}`);
    expect(qrSvg).toMatch(/^<svg [^]*<\/svg>\s*$/);
    expect(expiresAt).toBe(NOW + config.totp.pendingMs);
    expect((await deps.factors.find("ann"))?.totp).toBeUndefined();
    expect(JSON.stringify(await deps.factors.find("ann"))).not.toContain(secret);
  });

  test("the first code makes it the factor, gives ten backup codes once, raises the session and is used", async () => {
    const { deps, by, accounts, names, noticed } = await signedIn();
    const { secret } = await enrolTotp(deps, by);
    const code = codeAt(secret, NOW);
    const confirmed = await confirmTotp(deps, by, code);
    expect(confirmed).toMatchObject({ assurance: 2 });
    expect(confirmed.backupCodes).toHaveLength(10);
    expect(await deps.sessions.find(SID)).toMatchObject({ aal: 2, amr: ["pwd", "otp", "mfa"], stepUp: {} });
    expect(accounts.get("ann")).toMatchObject({ mfaEnabled: true });
    expect(names()).toEqual(["identity.factor-added"]);
    expect(noticed).toMatchObject([{ kind: "factor-added", facts: { method: "totp" } }]);
    const again = stepUpWith(deps, { session: by.session!, proof: totp(code), scope: "any" });
    await expect(again).rejects.toMatchObject({ code: "identity/code-rejected" });
    await expect(confirmTotp(deps, by, code)).rejects.toMatchObject({ code: "identity/enrolment-missing" });
  });

  test("a wrong first code, one after ten minutes, or one from another session sets nothing up", async () => {
    const { deps, by, time } = await signedIn();
    const { secret } = await enrolTotp(deps, by);
    await expect(confirmTotp(deps, by, wrongCode(codeAt(secret, NOW)))).rejects.toMatchObject({
      code: "identity/code-rejected",
    });
    const elsewhere = caller({ sid: "other", session: storedSession({ sid: "other" }) });
    await expect(confirmTotp(deps, elsewhere, codeAt(secret, NOW))).rejects.toMatchObject({
      code: "identity/enrolment-missing",
    });
    time.now += config.totp.pendingMs;
    await expect(confirmTotp(deps, by, codeAt(secret, time.now))).rejects.toMatchObject({
      code: "identity/enrolment-missing",
    });
    expect((await deps.factors.find("ann"))?.totp).toBeUndefined();
  });

  test("is refused in a sign-in that looked unusual and showed no second factor", async () => {
    const { deps, by } = await signedIn({ riskReasons: ["new-country"] });
    await expect(enrolTotp(deps, by)).rejects.toMatchObject({ code: "identity/session-risky" });
    const proven = caller({ session: storedSession({ riskReasons: ["new-country"], mfaAt: NOW }) });
    await expect(enrolTotp(deps, proven)).resolves.toHaveProperty("uri");
  });
});

describe("a step-up with the authenticator app", () => {
  test("raises the session for the scope, at once, and tells it", async () => {
    const { give, right, deps, time, told } = await enrolled();
    expect(await give(totp(right()), "privacy.erase")).toMatchObject({
      aal: 2,
      stepUp: { "privacy.erase": { at: time.now } },
    });
    expect(await deps.sessions.find(SID)).toMatchObject({ mfaAt: time.now });
    expect(told).toMatchObject([
      { type: { name: "identity.factor-accepted" }, detail: { method: "totp", scope: "privacy.erase" } },
    ]);
  });

  test("for a transaction counts for exactly that, and says what the session had and has", async () => {
    const { deps, session, right, time, told } = await enrolled();
    const transaction = "A".repeat(43);
    const raised = await stepUpWith(deps, { session, proof: totp(right()), scope: "payment", transaction });
    expect(raised.stepUp).toEqual({ payment: { at: time.now, transaction } });
    expect(told.at(-1)?.detail).toMatchObject({ scope: "payment", assurance: 2, assuranceBefore: 1 });
  });

  test("accepts one of a hundred submits of a code that come at once", async () => {
    const { give, right } = await enrolled();
    const code = right();
    const settled = await Promise.allSettled(Array.from({ length: 100 }, () => give(totp(code))));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("refuses a code that was used, and the one before it", async () => {
    const { give, right, seed, time } = await enrolled();
    const code = right();
    const before = codeAt(seed, time.now - 30_000);
    await give(totp(code));
    await expect(give(totp(code))).rejects.toMatchObject({ code: "identity/code-rejected" });
    await expect(give(totp(before))).rejects.toMatchObject({ code: "identity/code-rejected" });
  });

  test("refuses the code of the step before, once it has passed, and one of the future", async () => {
    const { give, seed, time } = await enrolled();
    await expect(give(totp(codeAt(seed, time.now - 60_000)))).rejects.toMatchObject({ code: "identity/code-rejected" });
    await expect(give(totp(codeAt(seed, time.now + 30_000)))).rejects.toMatchObject({ code: "identity/code-rejected" });
    await expect(give(totp(codeAt(seed, time.now - 30_000)))).resolves.toMatchObject({ aal: 2 });
  });

  test("refuses a code again, and fails in no other way, when the clock was set back after it was used", async () => {
    const { give, right, time } = await enrolled();
    await give(totp(right()));
    time.now -= 10 * MINUTE;
    await expect(give(totp(right()))).rejects.toMatchObject({ code: "identity/code-rejected" });
  });

  test("refuses the right code after five wrong ones, however they raced, and says when to come back", async () => {
    const { give, right, time, told } = await enrolled();
    const wrong = await Promise.allSettled(Array.from({ length: 20 }, () => give(totp(wrongCode(right())))));
    const codes = wrong.map((each) =>
      each.status === "rejected" ? (each.reason as { code: string }).code : "accepted",
    );
    expect(codes.filter((code) => code === "identity/code-rejected")).toHaveLength(5);
    expect(codes.filter((code) => code === "identity/too-many-attempts")).toHaveLength(15);
    await expect(give(totp(right()))).rejects.toMatchObject({
      code: "identity/too-many-attempts",
      details: { retryAfterMs: 15 * MINUTE },
    });
    expect(told.filter(({ type }) => type.name === "identity.factor-rejected")).toHaveLength(5);
    expect(told.filter(({ type }) => type.name === "identity.factor-exhausted")).toHaveLength(1);
    expect(told[0]).toMatchObject({
      outcome: "failure",
      subject: "ann",
      session: SID,
      ip: "203.0.113.0",
      country: "DE",
    });
    time.now += 15 * MINUTE;
    await expect(give(totp(right()))).resolves.toMatchObject({ aal: 2 });
  });

  test("after 100 wrong codes the app is disabled for good, told once; the backup codes still work", async () => {
    const { give, right, time, told, backupCodes, deps } = await enrolled();
    for (let tries = 0; tries < 100; tries += 1) {
      if (tries % 5 === 0) time.now += HOUR;
      await expect(give(totp(wrongCode(right())))).rejects.toMatchObject({ code: "identity/code-rejected" });
    }
    time.now += 100 * HOUR;
    await expect(give(totp(right()))).rejects.toMatchObject({ code: "identity/factor-disabled" });
    expect(told.filter(({ type }) => type.name === "identity.factor-disabled")).toHaveLength(1);
    expect((await deps.factors.find("ann"))?.totp).toBeDefined();
    await expect(give(backup(backupCodes[0]!))).resolves.toMatchObject({ aal: 2 });
  });

  test.each(["12345", "1234567", "abcdef", ""])(
    "says of %p that it is malformed, and spends no attempt on it",
    async (code) => {
      const { give, deps } = await enrolled();
      await expect(give(totp(code))).rejects.toMatchObject({
        code: "identity/code-malformed",
        status: "invalid-argument",
      });
      expect((await deps.factors.find("ann"))?.attempts.totp).toBeUndefined();
    },
  );

  test("tells an account without the app nothing but that the code was wrong", async () => {
    const { deps, session } = await signedIn();
    for (const proof of [totp("123456"), backup("01ABCDEFGHJKMNPQRSTVWXYZ")]) {
      await expect(stepUpWith(deps, { session, proof, scope: "any" })).rejects.toMatchObject({
        code: "identity/code-rejected",
      });
    }
  });

  test("does not bring a session back that was revoked meanwhile", async () => {
    const { give, right, deps, time } = await enrolled();
    await deps.sessions.revoke(SID, { uid: "ann", at: time.now, because: "owner" });
    await expect(give(totp(right()))).rejects.toMatchObject({ code: "identity/session-ended" });
  });

  test("no error and no event carries a code", async () => {
    const { give, right, told } = await enrolled();
    const code = wrongCode(right());
    const error: unknown = await give(totp(code)).catch((reason: unknown) => reason);
    await give(totp(right()));
    const text = JSON.stringify([told, error, (error as Error).message, (error as Error).stack]);
    expect(text).not.toContain(code);
  });
});

describe("a step-up with a backup code", () => {
  test("works once, in any spelling, and says how many are left", async () => {
    const { deps, session, backupCodes } = await enrolled();
    const typed = ` ${backupCodes[0]!.toLowerCase().replaceAll("-", " ")} `;
    const request = { session, proof: backup(typed), scope: "any" };
    expect(await stepUpCounting(deps, request)).toMatchObject({
      remaining: 9,
      session: { amr: ["pwd", "otp", "mfa", "backup"] },
    });
    await expect(stepUpCounting(deps, request)).rejects.toMatchObject({ code: "identity/code-rejected" });
  });

  test("tells the person when few are left", async () => {
    const { give, backupCodes, noticed } = await enrolled();
    noticed.length = 0;
    for (const code of backupCodes.slice(0, 8)) await give(backup(code));
    expect(noticed).toMatchObject([{ kind: "codes-low", uid: "ann", sid: SID, facts: { remaining: 2 } }]);
  });

  test("is not another account's", async () => {
    const { deps, backupCodes } = await enrolled();
    await deps.factors.beginTotp("bob", { id: "b", sealedSeed: new Uint8Array(1), sid: "s", expiresAt: NOW * 2 });
    await deps.factors.activateTotp("bob", { pendingId: "b", step: 1, hashes: [], at: NOW });
    const session = storedSession({ uid: "bob", sid: "bobs" });
    const request = { session, proof: backup(backupCodes[0]!), scope: "any" };
    await expect(stepUpWith(deps, request)).rejects.toMatchObject({ code: "identity/code-rejected" });
  });

  test("stops working when new codes are made, and when the last factor goes", async () => {
    const { deps, by, give, backupCodes, names, accounts } = await enrolled();
    const { backupCodes: fresh } = await regenerateBackupCodes(deps, by);
    await expect(give(backup(backupCodes[0]!))).rejects.toMatchObject({ code: "identity/code-rejected" });
    await expect(give(backup(fresh[0]!))).resolves.toMatchObject({ aal: 2 });
    await removeTotp(deps, by);
    await expect(give(backup(fresh[1]!))).rejects.toMatchObject({ code: "identity/code-rejected" });
    expect(names()).toContain("identity.factor-removed");
    expect(accounts.get("ann")).toMatchObject({ mfaEnabled: false });
    await expect(regenerateBackupCodes(deps, by)).rejects.toMatchObject({ code: "identity/factor-missing" });
    await expect(removeTotp(deps, by)).rejects.toMatchObject({ code: "identity/factor-missing" });
  });
});
