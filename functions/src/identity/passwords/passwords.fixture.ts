import { config } from "../../config.js";
import type { Visitor } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identity } from "../identity.fixture.js";
import { memoryAttemptStore } from "./attempt-store.js";
import type { CodeToNewAddress, PasswordDeps } from "./deps.js";
import { memoryPasswordDirectory, type MemoryPassword } from "./password-directory.js";
import { randomId } from "../../kernel/random.js";

export const PASSWORD = "an orchard in the rain";
export const CODE = "12345678";

export const visitor = (over: Partial<Visitor> = {}): Visitor => ({
  ip: "203.0.113.7",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  ...over,
});

/** Passwords on memory stores. Ann has an account; codes are always `CODE`, and reach nobody who has an account. */
export const passwordWorld = (over: Partial<PasswordDeps> = {}) => {
  const passwords = new Map<string, MemoryPassword>([["ann@example.org", { uid: "ann", password: PASSWORD }]]);
  const world = identity(over);
  const sent: CodeToNewAddress[] = [];
  const waits: number[] = [];
  const directory = memoryPasswordDirectory(passwords);
  const deps: PasswordDeps = {
    ...world.deps,
    passwords: {
      ...directory,
      // As Firebase: what the one half of it makes, the other knows.
      create: async (email, password) => {
        const uid = await directory.create(email, password);
        if (uid !== undefined)
          world.statuses.set(uid, { disabled: false, email, emailVerified: true, tokensValidAfter: 0 });
        return uid;
      },
    },
    attempts: memoryAttemptStore(),
    codes: codesOf(world.deps, sent, passwords),
    findBreach: async () => "off",
    isCommon: () => false,
    context: () => ["demo-firekeep", "Firekeep"],
    proxyOn: () => true,
    answerEveryMs: BEAT,
    sleep: async (ms) => {
      waits.push(ms);
      world.time.now += ms;
    },
    ...over,
  };
  const names = () => world.told.map(({ type }) => type.name.replace("identity.", ""));
  return { ...world, deps, passwords, sent, waits, names };
};

const codesOf = (
  deps: IdentityDeps,
  sent: CodeToNewAddress[],
  passwords: ReadonlyMap<string, MemoryPassword>,
): PasswordDeps["codes"] => ({
  send: async (code) => {
    sent.push(code);
    const challenge = randomId(deps.random);
    const expiresAt = deps.clock() + code.lifeMs;
    const facts = { ...code.facts, mailed: !passwords.has(code.address) };
    const { purpose, uid, sid } = code;
    const bound = { ...(uid !== undefined && { uid }), ...(sid !== undefined && { sid }) };
    await deps.challenges.put(challenge, { purpose, ...bound, attempts: 0, expiresAt, facts });
    return { challenge, expiresAt };
  },
  check: async ({ challenge, code, purpose, uid, sid }) => {
    const now = deps.clock();
    const found = await deps.challenges.spendAttempt(challenge, 5, now);
    const bound = found?.purpose === purpose && found.uid === uid && found.sid === sid;
    if (!bound || code !== CODE || found.facts["mailed"] !== true) throw identityError("code-rejected");
    const taken = await deps.challenges.consume(challenge, now);
    if (taken === undefined) throw identityError("code-rejected");
    return taken;
  },
});

export const BEAT = config.passwords.answerEveryMs;
