import { afterAll, describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { firestoreBlockStore } from "../accounts/block-store.firestore.js";
import { firestoreChallengeStore } from "../challenges/challenge-store.firestore.js";
import { NOW, storedSession, wrongCode } from "../identity.fixture.js";
import { denyNotice } from "../notices/deny-notice.js";
import { keepNotice } from "../notices/stage-notice.js";
import { firestoreSessionStore } from "../sessions/session-store.firestore.js";
import { checkCode } from "./check-code.js";
import { codeWorld, tokenIn } from "./codes.fixture.js";
import { firestoreSendLedger } from "./send-ledger.firestore.js";
import { LIMITS } from "./send-ledger.contract.js";
import { sendCode } from "./send-code.js";

const { firestore, close } = emulatedFirestore("code-races");
afterAll(close);

const ROUNDS = Array.from({ length: 20 }, (_, round) => round + 1);

const world = () => {
  const uid = randomId(systemRandom);
  const made = codeWorld({
    challenges: firestoreChallengeStore(() => firestore),
    sessions: firestoreSessionStore(() => firestore),
    blocks: firestoreBlockStore(() => firestore),
  });
  made.statuses.set(uid, { disabled: false, email: `${uid}@example.org`, emailVerified: true, tokensValidAfter: 0 });
  return { ...made, uid, deps: { ...made.deps, ledger: firestoreSendLedger(() => firestore, LIMITS) } };
};

const outcomes = async (submits: readonly Promise<unknown>[]) => {
  const settled = await Promise.allSettled(submits);
  const errors = settled.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code?: string }).code ?? String(each.reason)] : [],
  );
  return { accepted: settled.length - errors.length, errors: new Set(errors) };
};

describe.each(ROUNDS)("round %d", () => {
  test("100 parallel submits of one mailed code: exactly one is accepted", async () => {
    const { deps, uid, lastCode } = world();
    const asked = { purpose: "test.race", uid, place: "here", address: `${uid}@example.org` };
    const { challenge } = await sendCode(deps, asked);
    const code = await lastCode();
    const submit = () => checkCode(deps, { challenge, code, purpose: "test.race", uid });
    const { accepted, errors } = await outcomes(Array.from({ length: 100 }, submit));
    expect(accepted).toBe(1);
    expect(["identity/code-rejected", "identity/busy"]).toEqual(expect.arrayContaining([...errors]));
  }, 60_000);

  test('100 parallel presses of "this was not me": exactly one effect', async () => {
    const { deps, uid, told, mails, deliver } = world();
    const sid = randomId(systemRandom);
    await deps.sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build: () => storedSession({ uid, sid }) });
    await keepNotice(deps, { id: `n/${uid}`, uid, kind: "new-device", sid, facts: {} });
    await deliver();
    told.length = 0;
    const token = tokenIn(mails[0]);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => denyNotice(deps, token).catch(() => undefined)),
    );
    expect(answers.some((answer) => answer?.ended === true)).toBe(true);
    expect(told.filter(({ type }) => type.name === "identity.notice-denied")).toHaveLength(1);
    expect(told.filter(({ type }) => type.name === "identity.access-blocked")).toHaveLength(1);
    expect(await deps.sessions.listLive(uid, NOW)).toEqual([]);
    expect(await denyNotice(deps, token)).toEqual({ ended: true });
  }, 60_000);
});

test("100 parallel guesses: five are looked at, and the right one comes too late", async () => {
  const { deps, uid, lastCode, told } = world();
  const asked = { purpose: "test.race", uid, place: "here", address: `${uid}@example.org` };
  const { challenge } = await sendCode(deps, asked);
  const code = await lastCode();
  const wrong = wrongCode(code).padStart(8, "0");
  told.length = 0;
  const { accepted } = await outcomes(
    Array.from({ length: 100 }, () => checkCode(deps, { challenge, code: wrong, purpose: "test.race", uid })),
  );
  expect(accepted).toBe(0);
  const looked = told.filter(({ detail }) => Number(detail?.["attempts"]) > 0);
  expect(looked.map(({ detail }) => detail?.["attempts"]).sort()).toEqual([1, 2, 3, 4, 5]);
  await expect(checkCode(deps, { challenge, code, purpose: "test.race", uid })).rejects.toMatchObject({
    code: "identity/code-rejected",
  });
}, 60_000);

test("100 parallel requests for a code: one is sent", async () => {
  const { deps, uid, outbox } = world();
  const asked = { purpose: "test.race", uid, place: "here", address: `${uid}@example.org` };
  const { accepted, errors } = await outcomes(Array.from({ length: 100 }, () => sendCode(deps, asked)));
  expect(accepted).toBe(1);
  expect(["identity/code-too-soon", "identity/busy"]).toEqual(expect.arrayContaining([...errors]));
  expect(outbox.items.size).toBe(1);
}, 60_000);
