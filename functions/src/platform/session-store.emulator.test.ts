import { afterAll, describe, expect, test } from "@jest/globals";
import { config } from "../config.js";
import { emulatedFirestore } from "./emulator.fixture.js";
import { freshId, liveSession, START } from "./gate.fixture.js";
import { SESSIONS } from "./session-store.js";
import { firestoreSessionReader } from "./session-store.firestore.js";
import type { Session } from "./session.js";

const { firestore, close } = emulatedFirestore("sessions");
afterAll(close);

const reader = firestoreSessionReader(() => firestore);
const SCOPE = "payments.transfer";
const HASH = "hash-of-what-is-approved";

const approved = async (over: Partial<Session> = {}): Promise<string> => {
  const sid = freshId();
  const stepUp = { [SCOPE]: { at: START, transaction: HASH }, any: { at: START } };
  await firestore
    .collection(SESSIONS)
    .doc(sid)
    .set(liveSession({ sid, stepUp, ...over }));
  return sid;
};

describe("an approval", () => {
  test("is spent once, and takes no other step-up with it", async () => {
    const sid = await approved();
    expect(await reader.spendApproval(sid, SCOPE, HASH, START)).toBe(true);
    expect(await reader.spendApproval(sid, SCOPE, HASH, START)).toBe(false);
    expect((await reader.find(sid))?.stepUp).toEqual({ any: { at: START } });
  });

  test("is of one transaction, one scope and ten minutes, in a session that lives", async () => {
    const sid = await approved();
    expect(await reader.spendApproval(sid, SCOPE, "another", START)).toBe(false);
    expect(await reader.spendApproval(sid, "any", HASH, START)).toBe(false);
    expect(await reader.spendApproval(sid, SCOPE, HASH, START + config.session.stepUpMs)).toBe(false);
    expect(await reader.spendApproval(freshId(), SCOPE, HASH, START)).toBe(false);
    expect(await reader.spendApproval(await approved({ revokedAt: START }), SCOPE, HASH, START)).toBe(false);
    expect(await reader.spendApproval(sid, SCOPE, HASH, START)).toBe(true);
  });

  test("is spent by exactly one of 100 that race for it, 20 times over", async () => {
    for (let round = 0; round < 20; round += 1) {
      const sid = await approved();
      const spend = () => reader.spendApproval(sid, SCOPE, HASH, START);
      const won = await Promise.all(Array.from({ length: 100 }, spend));
      expect(won.filter(Boolean)).toHaveLength(1);
    }
  }, 180_000);

  test("is spent although the heartbeat writes at the same moment", async () => {
    const sid = await approved();
    const [spent] = await Promise.all([
      reader.spendApproval(sid, SCOPE, HASH, START),
      ...Array.from({ length: 5 }, (_, index) => reader.touch(sid, START + index, START + 60_000)),
    ]);
    expect(spent).toBe(true);
  });
});
