import { beforeAll, expect, test } from "@jest/globals";
import { attachSuite, type Suite } from "../../../../dev/suite/index.js";
import { awaitMail, readMails } from "../../../../dev/mail/read-mails.js";

// Through the deployed functions, the task queue and the mail receiver, as a browser and a person would.
let suite: Suite;
beforeAll(() => {
  suite = attachSuite();
});

const post = async (url: string, body: object, authorization?: string): Promise<Record<string, unknown>> => {
  const headers = {
    "content-type": "application/json",
    "x-firebase-appcheck": "demo",
    ...(authorization !== undefined && { authorization }),
  };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as Record<string, unknown>;
};

const auth = (path: string, body: object, authorization?: string) =>
  post(`${suite.urls.auth}/identitytoolkit.googleapis.com/v1/${path}?key=demo`, body, authorization);

const call = async (id: string, data: object, idToken?: string): Promise<Record<string, never>> => {
  const url = `${suite.urls.functions}/${suite.project}/${suite.region}/${id}`;
  const answer = await post(url, { data }, idToken === undefined ? undefined : `Bearer ${idToken}`);
  if (answer["result"] === undefined) throw new Error(`${id}: ${JSON.stringify(answer["error"])}`);
  return answer["result"] as Record<string, never>;
};

const fresh = () => `mail-${String(Date.now())}-${String(process.pid)}@example.com`;
const codeIn = ({ text }: { text: string }) => /\b\d{8}\b/.exec(text)?.[0];

const signedUp = async (email: string) => {
  const given = { email, password: "correct horse battery", returnSecureToken: true };
  const answer = await auth("accounts:signUp", given);
  if (typeof answer["idToken"] !== "string") throw new Error(JSON.stringify(answer["error"]));
  return { uid: String(answer["localId"]), idToken: answer["idToken"] };
};

const verifiedAt = async (uid: string): Promise<unknown> => {
  const { users } = (await auth("accounts:lookup", { localId: [uid] }, "Bearer owner")) as {
    users: { emailVerified?: boolean }[];
  };
  return users[0]?.emailVerified;
};

test("an address is confirmed by a mailed code, and then signs in by one without a password", async () => {
  const email = fresh();
  const { uid, idToken } = await signedUp(email);
  await call("identity-session-start", { device: { name: "Test" } }, idToken);
  const sent = await call("identity-mailcode-send", { purpose: "address" }, idToken);
  const first = await awaitMail(suite, { to: email, like: (mail) => codeIn(mail) !== undefined, withinMs: 60_000 });
  expect(first.html).toBe("");
  const confirmed = await call(
    "identity-mailcode-verify",
    { challenge: sent["challenge"], code: codeIn(first) },
    idToken,
  );
  expect(confirmed).toMatchObject({ assurance: 1, emailVerified: true });
  expect(await verifiedAt(uid)).toBe(true);

  const begun = await call("identity-mailcode-begin", { email });
  const isNew = (mail: { text: string }) => codeIn(mail) !== undefined && codeIn(mail) !== codeIn(first);
  const second = await awaitMail(suite, { to: email, like: isNew, withinMs: 60_000 });
  const answer = await call("identity-mailcode-finish", {
    challenge: begun["challenge"],
    code: codeIn(second),
    device: { name: "Test" },
  });
  expect(answer).toMatchObject({ session: { assurance: 1 } });
  const signIn = await auth("accounts:signInWithCustomToken", {
    token: answer["customToken"],
    returnSecureToken: true,
  });
  const security = await call("identity-security-read", {}, String(signIn["idToken"]));
  expect(security).toMatchObject({ session: { assurance: 1 } });
}, 300_000);

test("an address without an account gets the same answer, and no mail", async () => {
  const [nobody, somebody] = [`no-${fresh()}`, `some-${fresh()}`];
  await signedUp(somebody); // never confirmed: as good as none
  const answers = [
    await call("identity-mailcode-begin", { email: nobody }),
    await call("identity-mailcode-begin", { email: somebody }),
  ];
  for (const answer of answers) expect(Object.keys(answer).sort()).toEqual(["challenge", "expiresAt"]);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(await readMails(suite, { to: nobody })).toEqual([]);
  expect((await readMails(suite, { to: somebody })).filter((mail) => codeIn(mail) !== undefined)).toEqual([]);
}, 120_000);
