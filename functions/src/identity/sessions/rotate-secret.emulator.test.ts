import { afterAll, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { randomId, systemRandom } from "../../kernel/random.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { hashSecret, judgeSecret } from "../../platform/rotating-secret.js";
import { caller, NOW, storedSession } from "../identity.fixture.js";
import { rotateSecret } from "./rotate-secret.js";
import { firestoreSessionStore } from "./session-store.firestore.js";

const { firestore, close } = emulatedFirestore("identity");
afterAll(close);

const sessions = firestoreSessionStore(() => firestore);
const deps = { sessions, clock: () => NOW };
const ROUNDS = 20;
const TABS = 100;

test(`of ${String(TABS)} rotations that race from one secret one wins, and no tab is taken for a thief: ${String(ROUNDS)} rounds`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [sid, uid, first] = [randomId(systemRandom), randomId(systemRandom), hashSecret("first")];
    const session = storedSession({ sid, uid, jkt: "key", secret: { hash: first, rotatedAt: NOW } });
    await sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build: () => session });
    const by = caller({ uid, sid, session, device: { jkt: "key", secretHash: first } });
    const nexts = Array.from({ length: TABS }, (_, tab) => hashSecret(`next-${String(tab)}`));
    const answers = await Promise.all(nexts.map((next) => rotateSecret(deps, by, next)));
    const won = answers.flatMap(({ rotated }, tab) => (rotated ? [nexts[tab]] : []));
    const { secret } = (await sessions.find(sid))!;
    expect(won).toEqual([secret?.hash]);
    // Everybody is told the winner's state, and what they still hold is good for the grace.
    expect(new Set(answers.map(({ previousUntil }) => previousUntil))).toEqual(new Set([secret?.previousUntil]));
    expect(judgeSecret(secret!, first, NOW + config.session.secretGraceMs - 1)).toBe("previous");
  }
}, 120_000);
