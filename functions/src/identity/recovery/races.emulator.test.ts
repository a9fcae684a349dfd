import { afterAll, describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { firestoreFactorStore } from "../factors/factor-store.firestore.js";
import { makeBackupCodes } from "../factors/backup-codes.js";
import { caller, NOW, storedSession } from "../identity.fixture.js";
import { firestoreSessionStore } from "../sessions/session-store.firestore.js";
import { finishRecovery } from "./finish-recovery.js";
import { slotOf } from "./recovery.js";
import { operator, recoveryWorld } from "./recovery.fixture.js";
import { firestoreRecoveryStore } from "./recovery-store.firestore.js";
import { approveReset, requestReset } from "./request-reset.js";
import { runResets } from "./run-resets.js";
import { startRecovery } from "./start-recovery.js";
import { cancelRecovery } from "./stop-recovery.js";

const { firestore, close } = emulatedFirestore("recovery");
afterAll(close);

/** Somebody with an authenticator app and two sessions, on the Firestore emulator. */
const enrolled = async () => {
  const stores = {
    recoveries: firestoreRecoveryStore(() => firestore),
    factors: firestoreFactorStore(() => firestore),
    sessions: firestoreSessionStore(() => firestore),
    // All hundred are to meet in the store.
    limiter: () => Promise.resolve(),
  };
  const world = recoveryWorld(stores);
  const { deps, statuses } = world;
  const uid = randomId(systemRandom);
  statuses.set(uid, { disabled: false, email: "ann@example.org", emailVerified: true, tokensValidAfter: 0 });
  const sids = [randomId(systemRandom), randomId(systemRandom)];
  for (const sid of sids)
    await deps.sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build: () => storedSession({ uid, sid }) });
  const { codes, hashes } = await makeBackupCodes(deps, uid);
  await deps.factors.beginTotp(uid, { id: "f", sealedSeed: new Uint8Array(9), sid: "old", expiresAt: NOW + 1 });
  await deps.factors.activateTotp(uid, { pendingId: "f", step: 1, hashes, at: NOW });
  const by = (sid = "") => caller({ uid, sid, session: storedSession({ uid, sid }) });
  return { ...world, uid, codes, by: by(sids[0]), other: by(sids[1]) };
};

const outcomes = async (submits: Promise<unknown>[]) => {
  const settled = await Promise.allSettled(submits);
  const errors = settled.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code?: string }).code ?? String(each.reason)] : [],
  );
  return { accepted: settled.length - errors.length, errors: new Set(errors) };
};

const LOST = { totp: true, passkeys: [] };
const REFUSALS = [
  "identity/recovery-rejected",
  "identity/code-rejected",
  "identity/too-many-attempts",
  "identity/busy",
  "request/too-many",
];

const rounds = Array.from({ length: 20 }, (_, index) => index + 1);

describe.each(rounds)("round %d", (round) => {
  test("100 parallel submits of one recovery link: exactly one succeeds, and the factors go once", async () => {
    const { deps, uid, by, other, codes, mailed, noticeKinds, told } = await enrolled();
    await startRecovery(deps, by);
    const { token, code } = mailed();
    const second =
      round % 2 === 0
        ? ({ method: "address-code", code } as const)
        : ({ method: "backup-code", code: codes[0]! } as const);
    const submit = (_: unknown, index: number) =>
      finishRecovery(deps, index % 2 === 0 ? by : other, { token, second, lost: LOST });
    const { accepted, errors } = await outcomes(Array.from({ length: 100 }, submit));
    expect(accepted).toBe(1);
    expect(REFUSALS).toEqual(expect.arrayContaining([...errors]));
    expect(await deps.factors.find(uid)).toMatchObject({ passkeys: [] });
    expect((await deps.factors.find(uid))?.totp).toBeUndefined();
    expect(await deps.recoveries.find(slotOf("own", uid))).toMatchObject({ state: "done" });
    expect(await deps.sessions.listLive(uid, NOW)).toHaveLength(1);
    expect(noticeKinds().filter((kind) => kind === "recovery-used")).toHaveLength(1);
    expect(told.filter(({ type }) => type.name === "identity.recovery-finished")).toHaveLength(1);
  }, 60_000);
});

describe.each([1, 2, 3, 4, 5])("round %d", () => {
  test("a reset that is due and stopped at the same moment is either carried out or stopped", async () => {
    const { deps, uid, by, time } = await enrolled();
    const { id } = await requestReset(deps, operator("olga"), { uid, reason: "lost" });
    time.now = (await approveReset(deps, operator("otto"), id)).runsAt;
    const [, , { cancelled }] = await Promise.all([runResets(deps), runResets(deps), cancelRecovery(deps, by)]);
    const kept = (await deps.factors.find(uid))?.totp !== undefined;
    expect(kept).toBe(cancelled === 1);
    expect((await deps.recoveries.find(slotOf("reset", uid)))?.state).toBe(cancelled === 1 ? "cancelled" : "done");
  }, 60_000);
});
