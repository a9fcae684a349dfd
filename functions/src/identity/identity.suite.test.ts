import { beforeAll, describe, expect, test } from "@jest/globals";
import { attachSuite, type Suite } from "../../../dev/suite/index.js";
import { newDevice, type TestDevice } from "../platform/device.fixture.js";
import { codeAt } from "./identity.fixture.js";

// Through the deployed functions and the Auth emulator, as a client that speaks their protocols itself.
let suite: Suite;
beforeAll(() => {
  suite = attachSuite();
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const post = async (url: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const account = (action: "signUp" | "signInWithPassword", email: string): Promise<Answer> =>
  post(`${suite.urls.auth}/identitytoolkit.googleapis.com/v1/accounts:${action}?key=demo`, {
    email,
    password: "correct horse battery",
    returnSecureToken: true,
  });

const call = (idToken: string, id: string, data: object): Promise<Answer> =>
  post(
    `http://127.0.0.1:${String(suite.ports.functions)}/${suite.project}/${suite.region}/${id}`,
    { data },
    { authorization: `Bearer ${idToken}`, "x-firebase-appcheck": "demo" },
  );

/** Somebody who signed in with a password, on a device of their own, with a live session bound to it. */
interface Person {
  readonly idToken: string;
  readonly device: TestDevice;
  readonly sid: string;
  /** Calls with the token and the device's proof. */
  readonly call: (id: string, data?: object) => Promise<Answer>;
}

const proving =
  (idToken: string, device: TestDevice) =>
  (id: string, data: object = {}): Promise<Answer> => {
    const _proof = device.prove({ project: suite.project, functionId: id, data, at: Date.now() });
    return call(idToken, id, { ...data, _proof });
  };

const enter = async (action: "signUp" | "signInWithPassword", email: string, device = newDevice()): Promise<Person> => {
  const idToken = String((await account(action, email)).body["idToken"]);
  const start = { device: { name: "Laptop" }, binding: { key: device.jwk, secretHash: device.secretHash } };
  const started = await proving(idToken, device)("identity-session-start", start);
  if (started.status !== 200) throw new Error(JSON.stringify(started.body));
  return { idToken, device, sid: String(resultOf(started)["sid"]), call: proving(idToken, device) };
};

const codeOf = ({ body }: Answer): unknown =>
  (body["error"] as { details?: { code?: string } } | undefined)?.details?.code;
const resultOf = ({ body }: Answer) => body["result"] as Record<string, never>;
const claims = (idToken: string) =>
  JSON.parse(Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

/** Waits for the next step when this one is about to end: its neighbour's code would grow too old on the way. */
const roomInStep = async (): Promise<void> => {
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 15_000) await new Promise((resolve) => setTimeout(resolve, left));
};

const fresh = () => `identity-${String(Date.now())}-${String(process.pid)}`;

describe("sign-up and sign-in through the blocking triggers", () => {
  test("a disposable address is refused with the public sentence, and no account is made", async () => {
    const email = `${fresh()}@mailinator.com`;
    const refused = await account("signUp", email);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(refused.body)).toContain("disposable ones are not accepted");
    expect((await account("signInWithPassword", email)).status).toBeGreaterThanOrEqual(400);
  });

  test("a good one signs up; every sign-in's token carries a session id of its own", async () => {
    const email = `${fresh()}@example.org`;
    const first = await account("signUp", email);
    const second = await account("signInWithPassword", email);
    const sids = [first, second].map(({ body }) => claims(String(body["idToken"]))["sid"]);
    expect(sids).toEqual([expect.stringMatching(/^[\w-]{22}$/), expect.stringMatching(/^[\w-]{22}$/)]);
    expect(sids[0]).not.toBe(sids[1]);
  });
});

test("from sign-up to a guarded call with its code in the same request, and to the end of the session", async () => {
  const email = `${fresh()}@example.org`;
  const device = newDevice();
  const idToken = String((await account("signUp", email)).body["idToken"]);
  const ann = proving(idToken, device);
  expect(codeOf(await ann("identity-security-read"))).toBe("request/session-missing");
  const binding = { key: device.jwk, secretHash: device.secretHash };
  const started = await ann("identity-session-start", { device: { name: "Ann's laptop" }, binding });
  expect(resultOf(started)).toMatchObject({ assurance: 1, stepUpRequired: false, methods: [] });
  expect(resultOf(await ann("identity-session-start", { device: { name: "again" } }))).toEqual(resultOf(started));
  const { secret, qrSvg } = resultOf(await ann("identity-totp-enrol"));
  expect(qrSvg).toContain("<svg");
  // The code of the step before confirms, so that the current one is still there for the step-up.
  await roomInStep();
  const now = Date.now();
  const confirmed = resultOf(await ann("identity-totp-confirm", { code: codeAt(secret!, now - 30_000) }));
  expect(confirmed["backupCodes"]).toHaveLength(10);
  expect(codeOf(await ann("identity-backup-regenerate"))).toBe("request/step-up-required");
  const _stepUp = { method: "totp", code: codeAt(secret!, now) };
  expect(resultOf(await ann("identity-backup-regenerate", { _stepUp }))["backupCodes"]).toHaveLength(10);
  expect(codeOf(await ann("identity-totp-verify", { code: _stepUp.code }))).toBe("identity/code-rejected");
  expect(codeOf(await ann("identity-totp-verify", { code: "12345" }))).toBe("request/malformed");
  expect(resultOf(await ann("identity-session-list"))["sessions"]).toHaveLength(1);
  expect(resultOf(await ann("identity-session-end"))).toEqual({ ended: true });
  expect(codeOf(await ann("identity-security-read"))).toBe("request/session-revoked");
  expect(codeOf(await ann("identity-session-start", { device: { name: "back" } }))).toBe("identity/session-taken");
}, 150_000);

test("a stolen token fails, with the session's secret beside it too, and so does a proof that was overheard", async () => {
  const ann = await enter("signUp", `${fresh()}@example.org`);
  const thief = newDevice();
  const [id, data] = ["identity-session-revokeall", {}];
  const prove = (device: TestDevice, more: object = {}) =>
    device.prove({ project: suite.project, functionId: id, data, at: Date.now(), ...more });
  expect(codeOf(await call(ann.idToken, id, data))).toBe("request/proof-required");
  const forged = prove(thief, { secret: ann.device.secret });
  expect(codeOf(await call(ann.idToken, id, { ...data, _proof: forged }))).toBe("request/proof-rejected");
  expect(codeOf(await call(ann.idToken, "identity-session-list", {}))).toBe("request/proof-required");
  const used = prove(ann.device);
  expect(resultOf(await call(ann.idToken, id, { ...data, _proof: used }))).toEqual({ revoked: 1 });
  expect(codeOf(await call(ann.idToken, id, { ...data, _proof: used }))).toBe("request/session-revoked");
}, 150_000);

describe("from a revocation to the first refusal", () => {
  const ROUNDS = 32;
  const PER_ACCOUNT = 16;

  /** What is asked again and again, and how often: within the call's limit. */
  interface Question {
    readonly id: string;
    readonly everyMs: number;
  }
  /** Milliseconds after the revocation was answered. */
  interface Taken {
    /** When the last call was sent that still passed; 0 when none that was sent afterwards did. */
    readonly passed: number;
    /** When the first refusal was here. A busy machine's own slowness is in it. */
    readonly refused: number;
  }
  const STRICT: Question = { id: "identity-security-read", everyMs: 20 };
  const CACHED: Question = { id: "identity-session-list", everyMs: 400 };

  /** Asks until refused. */
  const refusedAfter = async (
    person: Person,
    { id, everyMs }: Question,
    revokedAt: () => number | undefined,
  ): Promise<Taken> => {
    for (let passed = 0; ;) {
      const [revoked, sentAt] = [revokedAt(), Date.now()];
      const answer = await person.call(id);
      const now = Date.now();
      if (codeOf(answer) === "request/session-revoked") return { passed, refused: now - (revokedAt() ?? now) };
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      if (revoked !== undefined) passed = sentAt - revoked;
      if (passed > 30_000) throw new Error("never refused");
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };

  const measure = async (by: Person, victim: Person, question: Question): Promise<Taken> => {
    const revocation: { at?: number } = {};
    const refused = refusedAfter(victim, question, () => revocation.at);
    const revoked = await by.call("identity-session-revoke", { sid: victim.sid });
    revocation.at = Date.now();
    if (revoked.status !== 200) throw new Error(JSON.stringify(revoked.body));
    return refused;
  };

  const percentile = (took: readonly Taken[], share: number): number =>
    took.map(({ refused }) => refused).sort((a, b) => a - b)[
      Math.min(took.length - 1, Math.floor(took.length * share))
    ] ?? Infinity;

  test(`strict calls: none that is sent afterwards passes, over ${String(ROUNDS)} revocations`, async () => {
    const took: Taken[] = [];
    for (let round = 0; round < ROUNDS; round += PER_ACCOUNT) {
      const email = `${fresh()}-${String(round)}@example.org`;
      const by = await enter("signUp", email);
      for (let each = 0; each < PER_ACCOUNT; each += 1)
        took.push(await measure(by, await enter("signInWithPassword", email), STRICT));
    }
    report("strict", took);
    expect(took).toHaveLength(ROUNDS);
    // Every call that is sent after it is refused; how long that one call takes, is the machine's own.
    expect(took.map(({ passed }) => passed)).toEqual(took.map(() => 0));
    expect(percentile(took, 0.5)).toBeLessThanOrEqual(1_000);
  }, 300_000);

  test("cached ordinary calls: none passes after 10 s", async () => {
    const email = `${fresh()}@example.org`;
    const by = await enter("signUp", email);
    const victims = [];
    for (let each = 0; each < 4; each += 1) victims.push(await enter("signInWithPassword", email));
    // Each has been served from the copy that its instance now keeps.
    for (const victim of victims) expect((await victim.call("identity-session-list")).status).toBe(200);
    const took = await Promise.all(victims.map((victim) => measure(by, victim, CACHED)));
    report("cached", took);
    // The copy lives ten seconds, and nothing that is sent later passes.
    expect(Math.max(...took.map(({ passed }) => passed))).toBeLessThanOrEqual(10_000);
  }, 120_000);

  // The runner is silent: figures go past it, so that they can be quoted.
  const report = (kind: string, took: readonly Taken[]): void => {
    const [n, p50, p99] = [took.length, percentile(took, 0.5), percentile(took, 0.99)];
    process.stderr.write(`revocation, ${kind}: n=${String(n)} p50=${String(p50)} ms p99=${String(p99)} ms\n`);
  };
});
