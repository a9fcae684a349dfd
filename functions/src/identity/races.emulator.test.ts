import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { deleteApp, initializeApp, type App } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { startLocalKms, type LocalKms } from "../../../dev/kms/index.js";
import { config } from "../config.js";
import * as encryption from "../encryption/index.js";
import { randomId, systemRandom } from "../kernel/random.js";
import { confirmTotp, enrolTotp } from "./enrol-totp.js";
import { firestoreFactorStore } from "./factor-store.firestore.js";
import { caller, codeAt, identity, NOW, storedSession } from "./identity.fixture.js";
import { firestoreSessionStore } from "./session-store.firestore.js";
import { stepUpWith } from "./step-up.js";

// The real encryption domain with the local KMS, and the Firestore emulator: only risk and the log are stand-ins.
// A project of its own: keys wrapped by an earlier run's KMS would be no use to this one.
const PROJECT = `demo-identity-${String(Date.now())}`;
let app: App;
let kms: LocalKms;

beforeAll(async () => {
  kms = await startLocalKms();
  kms.seed({ project: PROJECT, location: config.functions.region });
  process.env["GCLOUD_PROJECT"] = PROJECT;
  process.env["FIREKEEP_KMS_LOCATION"] = config.functions.region;
  process.env["FIREKEEP_KMS_ENDPOINT"] = `127.0.0.1:${String(kms.port)}`;
  app = initializeApp({ projectId: PROJECT });
});
afterAll(async () => {
  await deleteApp(app);
  await kms.stop();
});

const enrolled = async () => {
  const firestore = () => getFirestore(app);
  const world = identity({
    encryption,
    factors: firestoreFactorStore(firestore),
    sessions: firestoreSessionStore(firestore),
  });
  const [uid, sid] = [randomId(systemRandom), randomId(systemRandom)];
  const session = storedSession({ uid, sid });
  await world.deps.sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build: () => session });
  const { secret } = await enrolTotp(world.deps, caller({ uid, sid, session }));
  const { backupCodes } = await confirmTotp(world.deps, caller({ uid, sid, session }), codeAt(secret, NOW));
  world.time.now += 60_000;
  return { ...world, uid, session, backupCodes, code: codeAt(secret, world.time.now) };
};

const outcomes = async (submits: Promise<unknown>[]) => {
  const settled = await Promise.allSettled(submits);
  const errors = settled.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code?: string }).code ?? String(each.reason)] : [],
  );
  return { accepted: settled.length - errors.length, errors: new Set(errors) };
};

const EXPECTED = ["identity/code-rejected", "identity/too-many-attempts", "identity/busy"];

describe.each([1, 2, 3])("round %d", () => {
  test("100 parallel submits of one TOTP code: exactly one is accepted", async () => {
    const { deps, session, code, uid } = await enrolled();
    const submit = () => stepUpWith(deps, { session, proof: { method: "totp", code }, scope: "privacy.erase" });
    const { accepted, errors } = await outcomes(Array.from({ length: 100 }, submit));
    expect(accepted).toBe(1);
    expect(EXPECTED).toEqual(expect.arrayContaining([...errors]));
    expect(await deps.sessions.find(session.sid)).toMatchObject({
      uid,
      aal: 2,
      stepUp: { "privacy.erase": NOW + 60_000 },
    });
  }, 120_000);

  test("100 parallel submits of one backup code: exactly one is accepted", async () => {
    const { deps, session, backupCodes, uid } = await enrolled();
    const submit = () =>
      stepUpWith(deps, { session, proof: { method: "backup-code", code: backupCodes[4]! }, scope: "any" });
    const { accepted, errors } = await outcomes(Array.from({ length: 100 }, submit));
    expect(accepted).toBe(1);
    expect(EXPECTED).toEqual(expect.arrayContaining([...errors]));
    expect((await deps.factors.find(uid))?.backup?.hashes).toHaveLength(9);
  }, 120_000);
});

test("what is stored of a seed is a token that only this account's factor opens", async () => {
  const { deps, uid } = await enrolled();
  const { totp } = (await deps.factors.find(uid))!;
  const place = { label: `identity.totp/${totp!.id}`, subject: uid, token: totp!.sealedSeed };
  expect(await encryption.openSecret(place)).toHaveLength(20);
  await expect(encryption.openSecret({ ...place, label: "identity.totp/another" })).rejects.toMatchObject({
    code: "encryption/undecryptable",
  });
  await expect(encryption.openSecret({ ...place, subject: "another" })).rejects.toThrow();
});
