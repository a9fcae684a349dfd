import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { deleteApp, initializeApp, type App } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { startLocalKms, type LocalKms } from "../../../dev/kms/index.js";
import { config } from "../config.js";
import * as encryption from "../encryption/index.js";
import { randomId, systemRandom } from "../kernel/random.js";
import { HOUR } from "../kernel/time.js";
import { firestoreChallengeStore } from "./challenges/challenge-store.firestore.js";
import { regenerateBackupCodes } from "./factors/change-factors.js";
import { confirmTotp, enrolTotp } from "./factors/enrol-totp.js";
import { firestoreFactorStore } from "./factors/factor-store.firestore.js";
import { caller, codeAt, identity, NOW, storedSession } from "./identity.fixture.js";
import { challengePasskey } from "./passkeys/check-passkey.js";
import { confirmPasskey, enrolPasskey } from "./passkeys/enrol-passkey.js";
import { beginSignIn, finishSignIn } from "./passkeys/sign-in-with-passkey.js";
import { create, get, newKey } from "./passkeys/soft-authenticator.fixture.js";
import { firestoreSessionStore } from "./sessions/session-store.firestore.js";
import { stepUpWith } from "./factors/step-up.js";

// The real encryption domain with the local KMS, and the Firestore emulator: only risk and the log are stand-ins.
// A project of its own: keys wrapped by an earlier run's KMS would be no use to this one.
const PROJECT = `demo-identity-${String(Date.now())}`;
let app: App;
let kms: LocalKms;

// Thousands of writes lose their race here, each by an error of whose stack nobody reads a line.
const { stackTraceLimit } = Error;

beforeAll(async () => {
  Error.stackTraceLimit = 0;
  kms = await startLocalKms();
  kms.seed({ project: PROJECT, location: config.functions.region });
  process.env["GCLOUD_PROJECT"] = PROJECT;
  process.env["FIREKEEP_KMS_LOCATION"] = config.functions.region;
  process.env["FIREKEEP_FIRESTORE_LOCATION"] = config.functions.region;
  process.env["FIREKEEP_BUCKET_LOCATION"] = config.functions.region;
  process.env["FIREKEEP_KMS_ENDPOINT"] = `127.0.0.1:${String(kms.port)}`;
  app = initializeApp({ projectId: PROJECT });
});
afterAll(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  await deleteApp(app);
  await kms.stop();
});

const enrolled = async () => {
  const firestore = () => getFirestore(app);
  const world = identity({
    encryption,
    factors: firestoreFactorStore(firestore),
    sessions: firestoreSessionStore(firestore),
    challenges: firestoreChallengeStore(firestore),
  });
  const [uid, sid] = [randomId(systemRandom), randomId(systemRandom)];
  const session = storedSession({ uid, sid });
  await world.deps.sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build: () => session });
  const by = caller({ uid, sid, session });
  const { secret } = await enrolTotp(world.deps, by);
  const { backupCodes } = await confirmTotp(world.deps, by, codeAt(secret, NOW));
  const { challenge, options } = await enrolPasskey(world.deps, by);
  const passkey = { key: newKey("ES256"), id: randomBytes(32), userHandle: options.user.id };
  const response = create({ passkey, challenge: options.challenge });
  await confirmPasskey(world.deps, by, { challenge, response, name: "Laptop" });
  return { ...world, uid, session, by, backupCodes, passkey, secret };
};

const outcomes = async (submit: () => Promise<unknown>) => {
  const settled = await Promise.allSettled(Array.from({ length: 100 }, submit));
  const errors = settled.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code?: string }).code ?? String(each.reason)] : [],
  );
  return { accepted: settled.length - errors.length, errors: new Set(errors) };
};

// Twenty rounds of each, on one account: the pause after five attempts is over before the next round begins.
const ROUNDS = 20;
const PAUSE = 2 * HOUR;
const SLOW = 600_000;

test(
  `100 parallel submits of one TOTP code: exactly one is accepted, in each of ${String(ROUNDS)} rounds`,
  async () => {
    const { deps, session, secret, time } = await enrolled();
    for (let round = 1; round <= ROUNDS; round += 1) {
      time.now += PAUSE;
      const proof = { method: "totp", code: codeAt(secret, time.now) } as const;
      const { accepted, errors } = await outcomes(() => stepUpWith(deps, { session, proof, scope: "privacy.erase" }));
      expect([round, accepted]).toEqual([round, 1]);
      expect(GUESSES).toEqual(expect.arrayContaining([...errors]));
      expect((await deps.sessions.find(session.sid))?.stepUp["privacy.erase"]?.at).toBe(time.now);
    }
  },
  SLOW,
);

test(
  `100 parallel submits of one backup code: exactly one is accepted, in each of ${String(ROUNDS)} rounds`,
  async () => {
    const { deps, session, by, uid, backupCodes, time } = await enrolled();
    let codes = backupCodes;
    for (let round = 1; round <= ROUNDS; round += 1) {
      time.now += PAUSE;
      if (codes.length === 0) codes = (await regenerateBackupCodes(deps, by)).backupCodes;
      const [code = "", ...rest] = codes;
      const proof = { method: "backup-code", code } as const;
      const { accepted, errors } = await outcomes(() => stepUpWith(deps, { session, proof, scope: "any" }));
      expect([round, accepted]).toEqual([round, 1]);
      expect(GUESSES).toEqual(expect.arrayContaining([...errors]));
      expect((await deps.factors.find(uid))?.backup?.hashes).toHaveLength(rest.length);
      codes = rest;
    }
  },
  SLOW,
);

test(
  `100 parallel answers to one passkey challenge: exactly one is accepted, in each of ${String(ROUNDS)} rounds`,
  async () => {
    const { deps, session, by, passkey, time } = await enrolled();
    for (let round = 1; round <= ROUNDS; round += 1) {
      time.now += PAUSE;
      const { challenge, options } = await challengePasskey(deps, by, { scope: "any" });
      const response = get({ passkey, challenge: options.challenge });
      const proof = { method: "passkey", challenge, response } as const;
      const { accepted, errors } = await outcomes(() => stepUpWith(deps, { session, proof, scope: "any" }));
      expect([round, accepted]).toEqual([round, 1]);
      expect(["identity/passkey-rejected", "identity/busy"]).toEqual(expect.arrayContaining([...errors]));
    }
  },
  SLOW,
);

test(
  "100 parallel sign-ins with one answer of a passkey: exactly one session",
  async () => {
    const { deps, by, uid, passkey, statuses } = await enrolled();
    statuses.set(uid, { disabled: false, emailVerified: true, tokensValidAfter: 0 });
    const before = (await deps.sessions.listLive(uid, deps.clock())).length;
    const { challenge, options } = await beginSignIn(deps);
    const given = { challenge, response: get({ passkey, challenge: options.challenge }), device: { name: "Phone" } };
    const { accepted } = await outcomes(() => finishSignIn(deps, by, given));
    expect(accepted).toBe(1);
    expect(await deps.sessions.listLive(uid, deps.clock())).toHaveLength(before + 1);
  },
  SLOW,
);

const GUESSES = ["identity/code-rejected", "identity/too-many-attempts", "identity/busy"];

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
