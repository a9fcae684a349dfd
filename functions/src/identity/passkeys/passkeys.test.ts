import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { MINUTE } from "../../kernel/time.js";
import { blockAccess } from "../accounts/block-access.js";
import { usableMethods } from "../factors/factors.js";
import { confirmTotp, enrolTotp } from "../factors/enrol-totp.js";
import { stepUpWith } from "../factors/step-up.js";
import { caller, codeAt, identity, NOW, RP, SID, storedSession } from "../identity.fixture.js";
import type { StoredSession } from "../sessions/session-store.js";
import { removePasskey, renamePasskey } from "./change-passkeys.js";
import { challengePasskey } from "./check-passkey.js";
import { confirmPasskey, enrolPasskey } from "./enrol-passkey.js";
import { listPasskeys } from "./list-passkeys.js";
import { beginSignIn, finishSignIn } from "./sign-in-with-passkey.js";
import { create, encode, FLAG, get, newKey, type Ceremony, type KeyKind } from "./soft-authenticator.fixture.js";

const KEYS = { ES256: newKey("ES256"), EdDSA: newKey("EdDSA"), RS256: newKey("RS256") };
const UV = FLAG.UP | FLAG.UV;
const SYNCED = UV | FLAG.BE | FLAG.BS;

const signedIn = async (over: Partial<StoredSession> = {}) => {
  const all = identity();
  const session = storedSession(over);
  await all.deps.sessions.start({ uid: "ann", sid: SID, signedInAt: NOW, at: NOW, build: () => session });
  const by = caller({ session });
  let fill = 6;
  const enrol = async (ceremony: Partial<Ceremony> = {}, kind: KeyKind = "ES256") => {
    const { challenge, options } = await enrolPasskey(all.deps, by);
    const passkey = { key: KEYS[kind], id: Buffer.alloc(32, (fill += 1)), userHandle: options.user.id };
    const response = create({ passkey, challenge: options.challenge, ...ceremony });
    const confirmed = await confirmPasskey(all.deps, by, { challenge, response, name: "Laptop" });
    return { passkey, confirmed, options, ceremony };
  };
  const signIn = async ({ passkey }: Awaited<ReturnType<typeof enrol>>, ceremony: Partial<Ceremony> = {}) => {
    const { challenge, options } = await beginSignIn(all.deps);
    const response = get({ passkey, challenge: options.challenge, ...ceremony });
    return finishSignIn(all.deps, by, { challenge, response, device: { name: "Phone" } });
  };
  const stepUp = async (
    { passkey }: Awaited<ReturnType<typeof enrol>>,
    { scope = "any", ...ceremony }: Partial<Ceremony> & { scope?: string } = {},
  ) => {
    const { challenge, options } = await challengePasskey(all.deps, by, { scope });
    const response = get({ passkey, challenge: options.challenge, ...ceremony });
    const proof = { method: "passkey", challenge, response } as const;
    return stepUpWith(all.deps, { session, scope, proof });
  };
  const roles = (names: readonly string[]) => {
    const account = all.accounts.get("ann");
    if (account !== undefined) all.accounts.set("ann", { ...account, roles: names });
  };
  return { ...all, by, session, enrol, signIn, stepUp, roles };
};

describe("setting up a passkey", () => {
  test("asks for a discoverable key, algorithms in our order, and names neither the account's id nor twice the same key", async () => {
    const { deps, by, enrol } = await signedIn();
    const first = await enrol();
    const { challenge, options, expiresAt } = await enrolPasskey(deps, by);
    expect(options).toMatchObject({
      rp: { id: RP.id, name: RP.name },
      user: { name: "ann@example.org" },
      pubKeyCredParams: [{ alg: -7 }, { alg: -8 }, { alg: -257 }],
      excludeCredentials: [{ type: "public-key", id: encode(first.passkey.id), transports: ["internal"] }],
      authenticatorSelection: { residentKey: "required", userVerification: "preferred" },
      attestation: "none",
      timeout: config.passkeys.challengeMs,
    });
    expect(Buffer.from(options.user.id, "base64url")).toHaveLength(32);
    expect(Buffer.from(options.challenge, "base64url")).toHaveLength(32);
    expect(options.user.id).toBe(first.options.user.id);
    expect(JSON.stringify(options)).not.toContain('"ann"');
    expect([challenge.length, expiresAt]).toEqual([22, NOW + 5 * MINUTE]);
  });

  test.each(["ES256", "EdDSA", "RS256"] as const)(
    "keeps a %s key, and gives the first factor ten codes",
    async (kind) => {
      const { deps, enrol, accounts, told, noticed } = await signedIn();
      const { confirmed, passkey } = await enrol({ counter: 4, flags: SYNCED }, kind);
      expect(confirmed.backupCodes).toHaveLength(10);
      expect(confirmed.assurance).toBe(2);
      expect(confirmed.signal).toEqual({
        rpId: RP.id,
        userId: passkey.userHandle,
        allAcceptedCredentialIds: [encode(passkey.id)],
        name: "ann@example.org",
        displayName: "ann@example.org",
      });
      const factors = await deps.factors.find("ann");
      expect(factors?.passkeys).toMatchObject([
        { counter: 4, backupEligible: true, backedUp: true, userVerified: true, attestation: "none", name: "Laptop" },
      ]);
      expect(factors?.passkeys[0]).toMatchObject({ aaguid: "00112233-4455-6677-8899-aabbccddeeff", createdAt: NOW });
      expect(accounts.get("ann")).toMatchObject({ mfaEnabled: true });
      expect(usableMethods(factors)).toEqual(["passkey", "backup-code"]);
      expect(await deps.sessions.find(SID)).toMatchObject({ aal: 2, stepUp: {} });
      expect(told).toMatchObject([{ type: { name: "identity.factor-added" }, detail: { method: "passkey" } }]);
      expect(noticed).toMatchObject([{ kind: "factor-added", facts: { method: "passkey", name: "Laptop" } }]);
    },
  );

  test("a second factor of another kind makes no codes, and the first ones stay good", async () => {
    const { deps, by, enrol } = await signedIn();
    const { confirmed } = await enrol();
    const { secret } = await enrolTotp(deps, by);
    expect(await confirmTotp(deps, by, codeAt(secret, NOW))).toMatchObject({ backupCodes: [] });
    expect((await enrol()).confirmed.backupCodes).toEqual([]);
    const proof = { method: "backup-code", code: confirmed.backupCodes[3]! } as const;
    await expect(stepUpWith(deps, { session: by.session!, scope: "any", proof })).resolves.toMatchObject({ aal: 2 });
  });

  test("a challenge from another session, or one after five minutes, sets nothing up", async () => {
    const { deps, by, time } = await signedIn();
    const { challenge, options } = await enrolPasskey(deps, by);
    const passkey = { key: KEYS.ES256, id: Buffer.alloc(32, 7), userHandle: options.user.id };
    const given = { challenge, response: create({ passkey, challenge: options.challenge }), name: "Laptop" };
    const elsewhere = caller({ sid: "other", session: storedSession({ sid: "other" }) });
    await expect(confirmPasskey(deps, elsewhere, given)).rejects.toMatchObject({ code: "identity/passkey-rejected" });
    const mallory = caller({ uid: "mallory", session: storedSession({ uid: "mallory" }) });
    await expect(confirmPasskey(deps, mallory, given)).rejects.toMatchObject({ code: "identity/passkey-rejected" });
    // Neither has used it up for its own session.
    expect(await deps.challenges.find(challenge, time.now)).toMatchObject({ uid: "ann" });
    const late = await enrolPasskey(deps, by);
    time.now += config.passkeys.challengeMs;
    const answer = create({ passkey, challenge: late.options.challenge });
    const overdue = confirmPasskey(deps, by, { challenge: late.challenge, response: answer, name: "Laptop" });
    await expect(overdue).rejects.toMatchObject({ code: "identity/passkey-rejected" });
    expect((await deps.factors.find("ann"))?.passkeys).toEqual([]);
  });

  test("is refused in a sign-in that looked unusual, and open to one that comes from a recovery", async () => {
    const { deps } = await signedIn();
    const risky = (over: Partial<StoredSession>) =>
      caller({ session: storedSession({ riskReasons: ["new-country"], ...over }) });
    await expect(enrolPasskey(deps, risky({}))).rejects.toMatchObject({ code: "identity/session-risky" });
    await expect(enrolPasskey(deps, risky({ mfaAt: NOW }))).resolves.toHaveProperty("options");
    await expect(enrolPasskey(deps, risky({ amr: ["recovery"] }))).resolves.toHaveProperty("options");
  });

  test("an admin hears that the key must not be copyable, and must ask for PIN or biometric", async () => {
    const { enrol } = await signedIn({ roles: ["user", "admin"] });
    const refused = (why: string) => ({ code: "identity/passkey-not-allowed", details: { why } });
    await expect(enrol({ flags: SYNCED })).rejects.toMatchObject(refused("backup-eligible"));
    await expect(enrol({ flags: FLAG.UP })).rejects.toMatchObject(refused("user-verification"));
    await expect(enrol()).resolves.toMatchObject({
      options: { authenticatorSelection: { userVerification: "required" } },
    });
  });

  test("twenty are enough", async () => {
    const { deps, by, enrol } = await signedIn();
    const { passkey } = await enrol();
    for (let count = 1; count < config.passkeys.limit; count += 1) {
      const id = encode(Buffer.alloc(32, 100 + count));
      const [first] = (await deps.factors.find("ann"))!.passkeys;
      await deps.factors.addPasskey("ann", { passkey: { ...first!, id }, hashes: [] });
    }
    await expect(enrolPasskey(deps, by)).rejects.toMatchObject({ code: "identity/passkey-limit" });
    await deps.factors.removePasskey("ann", encode(passkey.id));
    await expect(enrolPasskey(deps, by)).resolves.toHaveProperty("options");
  });
});

describe("signing in with a passkey", () => {
  test("names nobody, and asks for a new challenge at three quarters of its time", async () => {
    const { deps } = await signedIn();
    const begun = await beginSignIn(deps);
    expect(begun.options).toMatchObject({ rpId: RP.id, allowCredentials: [], userVerification: "preferred" });
    expect(begun).toMatchObject({ renewAfterMs: 225_000, expiresAt: NOW + 300_000 });
  });

  test.each([
    ["bound to its device, with PIN", UV, 3, ["hwk", "user", "mfa"]],
    ["copyable, with PIN", SYNCED, 2, ["swk", "user", "mfa"]],
    ["bound to its device, by presence alone", FLAG.UP, 1, ["hwk", "user"]],
    ["copyable, by presence alone", FLAG.UP | FLAG.BE, 1, ["swk", "user"]],
  ] as const)("a key that is %s reaches what it is worth", async (_name, flags, assurance, amr) => {
    const { deps, enrol, signIn } = await signedIn();
    const { session, customToken } = await signIn(await enrol({ flags }), { flags });
    expect(session).toMatchObject({ assurance });
    expect(customToken).toBe(`custom-token:ann:${session.sid}`);
    const started = await deps.sessions.find(session.sid);
    expect(started).toMatchObject({ uid: "ann", aal: assurance });
    expect(started?.amr).toEqual(expect.arrayContaining([...amr]));
  });

  test("notes when it was used, what it counted and whether it has been copied", async () => {
    const { deps, enrol, signIn, time } = await signedIn();
    const enrolled = await enrol({ flags: UV | FLAG.BE });
    time.now += MINUTE;
    await signIn(enrolled, { flags: SYNCED, counter: 9 });
    const [passkey] = (await deps.factors.find("ann"))!.passkeys;
    expect(passkey).toMatchObject({ counter: 9, lastUsedAt: NOW + MINUTE, backedUp: true });
  });

  test("a closed, a disabled, a blocked account and a passkey that nobody has get one and the same answer", async () => {
    const answers = new Set<string>();
    const bars = [
      (all: Awaited<ReturnType<typeof signedIn>>) => all.statuses.delete("ann"),
      (all: Awaited<ReturnType<typeof signedIn>>) =>
        all.statuses.set("ann", { disabled: true, emailVerified: true, tokensValidAfter: 0 }),
      (all: Awaited<ReturnType<typeof signedIn>>) =>
        blockAccess(all.deps, { uid: "ann", until: NOW + MINUTE, reason: "test" }),
      async (all: Awaited<ReturnType<typeof signedIn>>) =>
        all.deps.factors.removePasskey("ann", (await all.deps.factors.find("ann"))!.passkeys[0]!.id),
    ];
    for (const bar of bars) {
      const all = await signedIn();
      const enrolled = await all.enrol();
      await bar(all);
      const error = (await all.signIn(enrolled).catch((reason: unknown) => reason)) as Record<string, unknown>;
      answers.add(JSON.stringify([error["code"], error["status"], error["message"], error["details"]]));
    }
    expect([...answers]).toEqual([
      JSON.stringify([
        "identity/passkey-rejected",
        "permission-denied",
        "This passkey was not accepted. Try again, or use another way.",
        {},
      ]),
    ]);
  });

  test("a passkey that nobody has costs the same reads and the same signature check as a wrong answer of a known one", async () => {
    const all = await signedIn();
    const { passkey } = await all.enrol();
    const reads: string[] = [];
    const { factors } = all.deps;
    const counting = {
      ...all.deps,
      factors: {
        ...factors,
        find: (uid: string) => (reads.push("find"), factors.find(uid)),
        ownerOf: (id: string) => (reads.push("ownerOf"), factors.ownerOf(id)),
      },
    };
    const costs: string[] = [];
    for (const id of [passkey.id, Buffer.alloc(32, 99)]) {
      reads.length = 0;
      const { challenge, options } = await beginSignIn(counting);
      const wrong = { ...passkey, id, key: newKey("ES256") };
      const response = get({ passkey: wrong, challenge: options.challenge });
      const given = { challenge, response, device: { name: "Phone" } };
      await expect(finishSignIn(counting, all.by, given)).rejects.toHaveProperty("cause.message", "signature");
      costs.push(reads.join());
    }
    expect(costs).toEqual(["ownerOf,find", "ownerOf,find"]);
  });

  test("whoever became an admin since needs a key of the kind that admins need", async () => {
    const { enrol, signIn, roles } = await signedIn();
    const synced = await enrol({ flags: SYNCED });
    roles(["admin"]);
    await expect(signIn(synced, { flags: SYNCED })).rejects.toMatchObject({
      code: "identity/passkey-not-allowed",
      details: { why: "backup-eligible" },
    });
  });

  test("tells the risk policy's refusal as it is: a right passkey was shown", async () => {
    const { enrol, signIn, verdict } = await signedIn();
    const enrolled = await enrol();
    verdict.next = { action: "block" };
    await expect(signIn(enrolled)).rejects.toMatchObject({ code: "identity/sign-in-refused" });
  });
});

describe("stepping up with a passkey", () => {
  test("names the account's own keys, and raises the session for the scope", async () => {
    const { deps, by, enrol, stepUp, told } = await signedIn();
    const enrolled = await enrol();
    const { options } = await challengePasskey(deps, by, { scope: "any" });
    expect(options.allowCredentials.map(({ id }) => id)).toEqual([encode(enrolled.passkey.id)]);
    const raised = await stepUp(enrolled, { scope: "privacy.erase" });
    expect(raised).toMatchObject({ aal: 3, stepUp: { "privacy.erase": { at: NOW } } });
    expect(told.at(-1)).toMatchObject({
      type: { name: "identity.factor-accepted" },
      detail: { method: "passkey", scope: "privacy.erase", assurance: 3, assuranceBefore: 1 },
    });
  });

  test("by presence alone is a second factor beside a password, and none beside a passkey", async () => {
    const besidePassword = await signedIn();
    const one = await besidePassword.enrol({ flags: FLAG.UP });
    await expect(besidePassword.stepUp(one, { flags: FLAG.UP })).resolves.toMatchObject({ aal: 2 });
    const besidePasskey = await signedIn({ amr: ["hwk", "user"] });
    const other = await besidePasskey.enrol({ flags: FLAG.UP });
    await expect(besidePasskey.stepUp(other, { flags: FLAG.UP })).rejects.toMatchObject({
      code: "identity/passkey-not-allowed",
      details: { why: "user-verification" },
    });
  });

  test("the answer may leave the user handle out, since the account is known", async () => {
    const { deps, by, session, enrol } = await signedIn();
    const { passkey } = await enrol();
    const { challenge, options } = await challengePasskey(deps, by, { scope: "any" });
    const { clientDataJSON, authenticatorData, signature } = get({ passkey, challenge: options.challenge }).response;
    const response = { clientDataJSON, authenticatorData, signature };
    const id = encode(passkey.id);
    const proof = { method: "passkey", challenge, response: { id, rawId: id, type: "public-key", response } } as const;
    await expect(stepUpWith(deps, { session, scope: "any", proof })).resolves.toMatchObject({ aal: 3 });
  });

  test("an account without passkeys is not asked", async () => {
    const { deps, by } = await signedIn();
    await expect(challengePasskey(deps, by, { scope: "any" })).rejects.toMatchObject({
      code: "identity/factor-missing",
    });
  });
});

describe("the list of passkeys", () => {
  test("shows what the owner may know and no key, the newest first, and what the Signal API takes", async () => {
    const { deps, by, enrol, time } = await signedIn();
    expect(await listPasskeys(deps, by)).toEqual({ passkeys: [], signal: null });
    const first = await enrol();
    time.now += MINUTE;
    const second = await enrol({ flags: SYNCED });
    const { passkeys, signal } = await listPasskeys(deps, by);
    expect(passkeys.map(({ id, synced }) => [id, synced])).toEqual([
      [encode(second.passkey.id), true],
      [encode(first.passkey.id), false],
    ]);
    expect(passkeys[0]).not.toHaveProperty("publicKey");
    expect(signal?.allAcceptedCredentialIds).toEqual([first, second].map(({ passkey }) => encode(passkey.id)));
  });

  test("a rename and a removal are told, and answer what the Signal API takes; the last factor takes the codes along", async () => {
    const { deps, by, enrol, names, noticed, accounts } = await signedIn();
    const { passkey } = await enrol();
    const id = encode(passkey.id);
    expect(await renamePasskey(deps, by, { id, name: "Phone" })).toMatchObject({
      signal: { allAcceptedCredentialIds: [id] },
    });
    expect((await listPasskeys(deps, by)).passkeys).toMatchObject([{ name: "Phone" }]);
    expect(await removePasskey(deps, by, id)).toMatchObject({
      removed: true,
      signal: { allAcceptedCredentialIds: [] },
    });
    expect((await deps.factors.find("ann"))?.backup).toBeUndefined();
    expect(accounts.get("ann")).toMatchObject({ mfaEnabled: false });
    expect(names().slice(-2)).toEqual(["identity.passkey-renamed", "identity.factor-removed"]);
    expect(noticed.at(-1)).toMatchObject({ kind: "factor-removed", facts: { method: "passkey" } });
    await expect(removePasskey(deps, by, id)).rejects.toMatchObject({ code: "identity/factor-missing" });
    await expect(renamePasskey(deps, by, { id, name: "x" })).rejects.toMatchObject({ code: "identity/factor-missing" });
  });
});
