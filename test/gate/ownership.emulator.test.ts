import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serveFunctions, type Served } from "./served.ts";
import { HOLDERS } from "./cells.ts";
import { PROJECT } from "./environment.ts";
import { objects, type Names } from "./objects.ts";
import { as, giveChallenge, newOwner, type Owner } from "./owners.ts";
import { newUid } from "./persons.ts";
import { rows, type Row } from "./rows.ts";
import { startLocalKms, type LocalKms } from "../../dev/kms/index.ts";
import { config } from "../../functions/src/config.js";
import { deps as encryption } from "../../functions/src/encryption/deps.js";
import { deps as identity } from "../../functions/src/identity/deps.js";
import { outboxDeps } from "../../functions/src/identity/notices/notify.js";
import { newAccount } from "../../functions/src/identity/sessions/session-store.js";
import { firestore } from "../../functions/src/platform/app.js";
import { isElevated } from "../../functions/src/platform/assure.js";
import { deps as privacy } from "../../functions/src/privacy/deps.js";

/**
 * Every callable with its real use case, called by a stranger in three roles, with names of somebody else's things where it
 * takes any. Whatever the call is, nothing of the owner's may show in the answer, and nothing of it may change.
 */
const ROLES_TRIED = ["user", "analyst", "admin"] as const;
type Role = (typeof ROLES_TRIED)[number];

let served: Served | undefined;
let kms: LocalKms | undefined;
let owner: Owner;

beforeAll(async () => {
  kms = await startLocalKms();
  kms.seed({ project: PROJECT, location: config.functions.region });
  Object.assign(process.env, {
    FIREKEEP_KMS_LOCATION: config.functions.region,
    FIREKEEP_FIRESTORE_LOCATION: config.functions.region,
    FIREKEEP_BUCKET_LOCATION: config.functions.region,
    FIREKEEP_KMS_ENDPOINT: `127.0.0.1:${String(kms.port)}`,
    FIREKEEP_PUBLIC_URL: "https://example.com",
    FIREKEEP_BUCKET: "example",
    FIREKEEP_RP_ID: "localhost",
    FIREKEEP_ORIGINS: "http://localhost:5000",
  });
  served = await serveFunctions();
  standIn();
  owner = await newOwner(served);
}, 120_000);
afterAll(async () => {
  await served?.close();
  await kms?.stop();
});

/** Firebase Authentication, Cloud Tasks and Cloud Storage are not there: everybody has an account, and nothing is done later. */
const standIn = (): void => {
  Object.assign(identity().directory, {
    status: (uid: string) =>
      Promise.resolve({ disabled: false, email: `${uid}@example.org`, emailVerified: true, tokensValidAfter: 0 }),
    uidOf: (email: string) => Promise.resolve(email.split("@")[0]),
    mintToken: (uid: string) => Promise.resolve(`token of ${uid}`),
    revokeTokens: () => Promise.resolve(),
  });
  const enqueue = () => Promise.resolve();
  Object.assign(outboxDeps(), { enqueue });
  Object.assign(privacy(), { queue: { enqueue } });
  encryption();
};

const expectation: Readonly<Record<string, Names>> = objects;

const opens = ({ policy }: Row, role: Role): boolean =>
  policy.permission === undefined || HOLDERS[policy.permission].includes(role);

const inputOf = async (row: Row): Promise<object> => {
  const names = expectation[row.id];
  if (typeof names !== "object") return row.sample;
  // A new one each time: a challenge may be used up by whoever has its id, which nobody can guess.
  return names.of({ ...owner, challenge: await giveChallenge(owner) });
};

const callAs = async (row: Row, uid: string, role: Role) => {
  await firestore()
    .collection("secUsers")
    .doc(uid)
    .set({ ...newAccount(Date.now()), roles: [role] });
  const sample = await inputOf(row);
  const person = row.policy.session === "public" ? {} : await as(uid, { ...row, sample }, [role]);
  if (served === undefined) throw new Error("nothing is served");
  const answer = await served.call(row.id, sample, person);
  return { ...answer, code: answer.http === 200 ? "ok" : answer.code };
};

// Written by every call, and the record of who looked at what.
const NOISE = new Set([
  "secLimits",
  "secNonces",
  "secChallenges",
  "auditEntries",
  "auditOutbox",
  "auditHead",
  "accessLog",
]);

/** Every document that has the owner in its name or its contents. */
const belongings = async (): Promise<Readonly<Record<string, string>>> => {
  const collections = (await firestore().listCollections()).filter(({ id }) => !NOISE.has(id));
  const found = await Promise.all(collections.map(async (collection) => (await collection.get()).docs));
  const kept = found.flat().map((document) => [document.ref.path, JSON.stringify(document.data())] as const);
  return Object.fromEntries(kept.filter(([path, text]) => path.includes(owner.uid) || text.includes(owner.uid)));
};

const ELSEWHERE = rows.filter(({ id }) => expectation[id] !== "others");
const OPERATORS = rows.filter(({ id }) => expectation[id] === "others");

test("every callable says what its input names, and those that name nothing have no field for it", () => {
  expect(Object.keys(objects).sort()).toEqual(rows.map(({ id }) => id).sort());
  const naming = ["sid", "id", "uid", "request", "challenge", "token", "params"];
  const silent = rows.filter(({ id, sample }) => expectation[id] === "nothing" && naming.some((key) => key in sample));
  expect(silent.map(({ id }) => id)).toEqual([]);
  expect(OPERATORS.filter(({ policy }) => policy.permission === undefined || !isElevated(policy.permission))).toEqual(
    [],
  );
});

describe.each(ELSEWHERE)("$id", (row) => {
  test("shows and changes nothing of another person's, whatever the role of who calls", async () => {
    const names = expectation[row.id];
    const before = await belongings();
    expect(Object.keys(before).length).toBeGreaterThanOrEqual(7);
    await Promise.all(
      ROLES_TRIED.map(async (role) => {
        const { code, text } = await callAs(row, newUid(), role);
        const isWork = typeof names === "object" && names.operators?.includes(role) === true;
        if (!isWork) expect(text).not.toContain(owner.uid);
        if (typeof names === "object") expect([role, code]).toEqual([role, isWork ? "ok" : names.theirs]);
      }),
    );
    expect(await belongings()).toEqual(before);
  }, 120_000);
});

describe.each(OPERATORS)("$id, an operator's call,", (row) => {
  test("is shut to every role that does not hold its permission", async () => {
    const answers = await Promise.all(
      ROLES_TRIED.map(async (role) => [role, await callAs(row, newUid(), role)] as const),
    );
    for (const [role, { code }] of answers) {
      if (opens(row, role)) expect([role, code]).not.toEqual([role, "request/forbidden"]);
      else expect([role, code]).toEqual([role, "request/forbidden"]);
    }
  });
});

// Last, for it uses the owner's things up: otherwise the refusals above could mean anything.
test("what was refused to strangers is there, and opens to the owner", async () => {
  const got: [string, unknown][] = [];
  const wanted: [string, unknown][] = [];
  for (const row of ELSEWHERE) {
    const names = expectation[row.id];
    if (typeof names !== "object" || names.mine === undefined) continue;
    got.push([row.id, (await callAs(row, owner.uid, "user")).code]);
    wanted.push([row.id, names.mine]);
  }
  expect(got).toEqual(wanted);
}, 120_000);
