import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { deleteApp, initializeApp } from "firebase/app";
import { connectAuthEmulator, initializeAuth, inMemoryPersistence, signInWithCustomToken } from "firebase/auth";
import { deleteApp as deleteAdmin, initializeApp as initializeAdmin } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { awaitMail, readMails } from "../../../../dev/mail/read-mails.js";
import { attachSuite, type Suite } from "../../../../dev/suite/index.js";
import { windowId } from "../../detection/consume-event.js";
import type { WindowState } from "../../detection/window.js";
import { newDevice } from "../../platform/device.fixture.js";

// The password proxy as deployed: its functions, the Auth emulator's passwords, real mails, and Firebase's own client.
let suite: Suite;
const email = `passwords-${String(Date.now())}@example.org`;
const PASSWORD = " an orchard in the rain ";
const NEXT = "a harbour in the snow";
const device = newDevice();
const binding = { key: device.jwk, secretHash: device.secretHash };

const admin = initializeAdmin({ projectId: "demo-firekeep" }, "passwords-suite");
const app = initializeApp({ apiKey: "demo-key", projectId: "demo-firekeep" }, "passwords-suite");
const auth = initializeAuth(app, { persistence: inMemoryPersistence });
beforeAll(async () => {
  suite = attachSuite();
  connectAuthEmulator(auth, suite.urls.auth, { disableWarnings: true });
  for (const id of CALLS) await wake(id);
}, 300_000);
afterAll(() => Promise.all([deleteApp(app), deleteAdmin(admin)]));

const CALLS = [
  "identity-password-signup",
  "identity-password-confirm",
  "identity-password-signin",
  "identity-password-change",
  "identity-security-read",
];

/** Lets the emulator start the function's worker: one that takes longer than it allows leaves its first call hanging. */
const wake = async (id: string): Promise<void> => {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const answer = await call(id, { odd: true }, { waitMs: 35_000 }).catch(() => undefined);
    if (answer?.error !== undefined) return;
  }
};

interface Answer {
  readonly result?: Record<string, string> & { readonly session?: { readonly sid: string } };
  readonly error?: { readonly message: string; readonly details?: { readonly code: string } };
}

/** A call with a proof of the device's key: `secret` goes along once the session has one. */
const call = async (
  id: string,
  input: object,
  from: { token?: string; secret?: null; ip?: string; waitMs?: number } = {},
): Promise<Answer> => {
  const { token, ip = "203.0.113.7", waitMs = 60_000 } = from;
  const data = input as Record<string, unknown>;
  const secret = "secret" in from ? { secret: null } : {};
  const _proof = device.prove({ project: suite.project, functionId: id, data, at: Date.now(), ...secret });
  const response = await fetch(
    `http://127.0.0.1:${String(suite.ports.functions)}/${suite.project}/${suite.region}/${id}`,
    {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-firebase-appcheck": "demo",
        "x-forwarded-for": ip,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ data: { ...data, _proof } }),
      signal: AbortSignal.timeout(waitMs),
    },
  );
  return (await response.json()) as Answer;
};

const asVisitor = (id: string, input: object, ip?: string) =>
  call(id, input, { secret: null, ...(ip !== undefined && { ip }) });
const idToken = async (customToken = ""): Promise<string> => {
  const { user } = await signInWithCustomToken(auth, customToken);
  return user.getIdToken();
};
const codeOf = ({ error }: Answer) => error?.details?.code;
const laptop = { name: "Laptop" };

test("from sign-up to a changed password, by codes that really arrive", async () => {
  const asked = await asVisitor("identity-password-signup", { email, password: PASSWORD });
  expect(asked).toMatchObject({ result: { challenge: expect.stringMatching(/^[\w-]{22}$/) } });
  const challenge = asked.result?.["challenge"] ?? "";
  const mail = await awaitMail(suite, { to: email });
  const code = /\b\d{8}\b/.exec(mail.text)?.[0] ?? "";
  const confirm = { challenge, email, password: PASSWORD, device: laptop, binding };
  const guess = code === "00000000" ? "00000001" : "00000000";
  expect(codeOf(await asVisitor("identity-password-confirm", { ...confirm, code: guess }))).toBe(
    "identity/code-rejected",
  );
  const confirmed = await asVisitor("identity-password-confirm", { ...confirm, code });
  expect(confirmed.error).toBeUndefined();
  const token = await idToken(confirmed.result?.["customToken"]);
  expect(await call("identity-security-read", {}, { token })).toMatchObject({ result: { session: { assurance: 1 } } });
  expect(codeOf(await asVisitor("identity-password-confirm", { ...confirm, code }))).toBe("identity/code-rejected");

  // Again, by somebody elsewhere: the same answer, and the owner is told instead.
  const again = await asVisitor("identity-password-signup", { email, password: NEXT }, "192.0.2.4");
  expect(Object.keys(again.result ?? {})).toEqual(Object.keys(asked.result ?? {}));
  await awaitMail(suite, { to: email, like: ({ text }) => /already/i.test(text) && !/\b\d{8}\b/.test(text) });
  expect((await readMails(suite, { to: email })).filter(({ text }) => /\b\d{8}\b/.test(text))).toHaveLength(1);

  const other = await asVisitor("identity-password-signin", { email, password: PASSWORD, device: laptop, binding });
  expect(other.result?.session?.sid).toMatch(/^[\w-]{22}$/);
  const changed = await call("identity-password-change", { current: PASSWORD, next: NEXT }, { token });
  expect(changed).toMatchObject({ result: { revoked: 1 } });
  const renewed = await idToken(changed.result?.["customToken"]);
  expect(await call("identity-security-read", {}, { token: renewed })).toMatchObject({ result: { session: {} } });
  await awaitMail(suite, { to: email, like: ({ subject }) => /password/i.test(subject) });
  const old = await asVisitor("identity-password-signin", { email, password: PASSWORD, device: laptop });
  expect(codeOf(old)).toBe("identity/password-rejected");
}, 180_000);

test("wrong passwords, right ones of nobody and untrimmed ones are refused alike; the rules count them for the account", async () => {
  const guess = (input: object, ip: string) =>
    asVisitor("identity-password-signin", { email, password: "wrong", device: laptop, ...input }, ip);
  const refusals = [
    await guess({}, "198.51.100.1"),
    await guess({ email: `nobody-${email}` }, "198.51.100.1"),
    await guess({ password: ` ${NEXT}` }, "198.51.100.1"),
  ];
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  expect(codeOf(refusals[0] ?? {})).toBe("identity/password-rejected");

  const signedIn = await guess({ password: NEXT, binding }, "198.51.100.1");
  const token = await idToken(signedIn.result?.["customToken"]);
  const { sub: uid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string };
  for (let index = 0; index < 10; index += 1) await guess({}, `203.0.${String(index % 3)}.9`);
  const window = getFirestore(admin).doc(`detectionWindows/${windowId("password-failures-account", [uid])}`);
  const state = async () => (await window.get()).data() as WindowState | undefined;
  for (const deadline = Date.now() + 60_000; (await state())?.fired === undefined && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await state())?.fired).toBeDefined();
}, 240_000);
