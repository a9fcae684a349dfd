import { beforeAll, describe, expect, test } from "@jest/globals";
import { attachSuite, type Suite } from "../../../dev/suite/index.js";
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
  const { body } = await account("signUp", `${fresh()}@example.org`);
  const idToken = String(body["idToken"]);
  const ann = (id: string, data: object = {}) => call(idToken, id, data);
  expect(codeOf(await ann("identity-security-read"))).toBe("request/session-missing");
  const started = await ann("identity-session-start", { device: { name: "Ann's laptop" } });
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
}, 60_000);
