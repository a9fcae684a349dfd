import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createServer, type Server } from "node:http";
import { deleteApp, initializeApp, type App } from "firebase-admin/app";
import { getFirestore } from "firebase-admin/firestore";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { attachSuite, type Suite } from "../../../../dev/suite/index.js";
import { makePerson, type Person } from "../../../../dev/story/person.js";
import { signInWithPassword, signOutOfSession } from "../../../../client/src/index.js";

// Another service, as it would be: it knows the address of the configuration and nothing else of us.
const AUDIENCE = "https://partner.example";
const PLACE = { ip: "203.0.113.60", userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0" };
const got: string[] = [];
let suite: Suite;
let server: Server;
let app: App;
let person: Person;

beforeAll(async () => {
  suite = attachSuite();
  app = initializeApp({ projectId: suite.project }, "signals");
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      got.push(body);
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((up) => void server.listen(suite.ports.partner, "127.0.0.1", up));
});
afterAll(async () => {
  await person.close();
  await new Promise((done) => server.close(done));
  await deleteApp(app);
});

const register = (): Promise<unknown> =>
  getFirestore(app)
    .doc("secSignalReceivers/suite-partner-00000000")
    .set({
      id: "suite-partner-00000000",
      url: `http://127.0.0.1:${String(suite.ports.partner)}/events`,
      audience: AUDIENCE,
      events: ["session-revoked"],
      createdAt: Date.now(),
      createdBy: "suite",
    });

const signUp = async (email: string, password: string): Promise<string> => {
  const url = `${suite.urls.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=demo`;
  const body = JSON.stringify({ email, password, returnSecureToken: true });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return ((await response.json()) as { localId: string }).localId;
};

const tokenOf = async (uid: string): Promise<string> => {
  const about = (token: string) =>
    Buffer.from(token.split(".")[1] ?? "", "base64url")
      .toString()
      .includes(uid);
  for (let round = 0; round < 240; round += 1) {
    const found = got.find(about);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`no token about the account came; ${String(got.length)} others did`);
};

test("a partner hears of a session's end by a signed token, and verifies it with what is published", async () => {
  await register();
  const email = `signals-${String(Date.now())}@example.com`;
  const password = "correct horse battery staple";
  const uid = await signUp(email, password);
  person = makePerson(suite, { name: "signals", email, password, place: PLACE });
  const { auth, firekeep, act } = person;
  const signedIn = await act(() => signInWithPassword({ auth, firekeep }, { email, password, deviceName: "Laptop" }));
  await act(() => signOutOfSession({ auth, firekeep }));

  const found = await fetch(`${suite.urls.console}/.well-known/ssf-configuration`);
  const { issuer, jwks_uri } = (await found.json()) as { issuer: string; jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(jwks_uri));
  const options = { issuer, audience: AUDIENCE, typ: "secevent+jwt", algorithms: ["ES256"] };
  const { payload } = await jwtVerify(await tokenOf(uid), keys, options);
  expect(payload).toMatchObject({
    sub_id: { user: { sub: uid }, session: { id: signedIn.session.sid } },
    events: {
      "https://schemas.openid.net/secevent/caep/event-type/session-revoked": { initiating_entity: "user" },
    },
  });
}, 300_000);
