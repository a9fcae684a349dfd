import { afterAll, expect, test } from "@jest/globals";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { randomId, systemRandom } from "../kernel/random.js";
import { MINUTE, systemClock } from "../kernel/time.js";
import { blockAccess } from "./accounts/block-access.js";
import { firestoreBlockStore } from "./accounts/block-store.firestore.js";
import { user } from "./functions.js";
import { runOf } from "./identity.fixture.js";
import { memorySessionStore } from "./sessions/session-store.js";

// The default app: the one that the deployed trigger finds.
const app = initializeApp({ projectId: "demo-identity" });
const blocks = firestoreBlockStore(() => getFirestore(app));
afterAll(() => deleteApp(app));

const signIn = (uid: string): Promise<unknown> =>
  runOf(user.beforesignin)({
    data: { uid },
    ipAddress: "203.0.113.7",
    eventType: "providers/cloud.auth/eventTypes/user.beforeSignIn:password",
  });

test("beforesignin draws a session id, until the account is blocked", async () => {
  const uid = randomId(systemRandom);
  await expect(signIn(uid)).resolves.toEqual({ sessionClaims: { sid: expect.stringMatching(/^[\w-]{22}$/) } });
  const deps = { blocks, sessions: memorySessionStore(), record: () => Promise.resolve(), clock: systemClock };
  await blockAccess(deps, { uid, until: Date.now() + MINUTE, reason: "burst" });
  await expect(signIn(uid)).rejects.toMatchObject({
    code: "permission-denied",
    details: { code: "identity/sign-in-refused" },
  });
});
