import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serveFunctions, type Served } from "./served.ts";
import { logs } from "./logs.ts";
import { PROJECT } from "./environment.ts";
import { altered, confused, newKey, signed, unsigned } from "./jwt.ts";
import { signIn, type Person } from "./persons.ts";
import { appCheckClaims, appCheckKey, authKey, idClaims, seconds } from "./tokens.ts";
import { rows } from "./rows.ts";
import type { Session } from "../../functions/src/platform/session.js";

/** Any callable with the gate's whole path and nothing else to want. */
const CALL = "identity-session-list";
const foreignKey = newKey(authKey.kid);

let served: Served;
let ann: Person;

beforeAll(async () => {
  served = await serveFunctions();
  ann = await signIn();
});
afterAll(() => served.close());

const refusedBySdk = { http: 401, text: '{"error":{"message":"Unauthenticated","status":"UNAUTHENTICATED"}}' };

test("good tokens and a live session are let in, on keys fetched from Google's two addresses only", async () => {
  expect(await served.call(CALL, {}, ann)).toMatchObject({
    http: 200,
    result: { sessions: [{ sid: ann.sid, current: true }] },
  });
  expect(new Set(served.asked)).toEqual(new Set(["www.googleapis.com", "firebaseappcheck.googleapis.com"]));
});

describe("an App Check token", () => {
  const good = appCheckClaims();
  test.each<[string, string | null]>([
    ["is missing", null],
    ["is garbage", "garbage"],
    ["is not signed", unsigned(good)],
    ["is signed by another key", signed(newKey(appCheckKey.kid), good)],
    ["is signed by a key that is not published", signed(newKey("app-check-2"), good)],
    ["is signed by the key of ID tokens", signed(authKey, good)],
    ["is an HMAC under the public key", confused(appCheckKey, good)],
    ["was altered", altered(signed(appCheckKey, good), { sub: "1:1:web:other" })],
    ["has expired", signed(appCheckKey, appCheckClaims({ exp: seconds() - 1 }))],
    ["is of another project", signed(appCheckKey, appCheckClaims({ aud: ["projects/1", "projects/other"] }))],
    ["is of another issuer", signed(appCheckKey, appCheckClaims({ iss: "https://evil.example/1234567890" }))],
    ["names no app", signed(appCheckKey, appCheckClaims({ sub: "" }))],
    ["is an ID token", signed(authKey, idClaims())],
  ])("that %s is refused", async (_why, appCheck) => {
    expect(await served.call(CALL, {}, { ...ann, appCheck })).toMatchObject(refusedBySdk);
  });

  test.each(rows)("is asked for by $id", async ({ id, sample }) => {
    expect(await served.call(id, sample, { ...ann, appCheck: null })).toMatchObject(refusedBySdk);
    expect(await served.call(id, sample, { ...ann, appCheck: "garbage" })).toMatchObject(refusedBySdk);
    expect(await served.call(id, sample, { idToken: unsigned(idClaims()) })).toMatchObject(refusedBySdk);
  });
});

describe("an ID token", () => {
  const claims = (over: object = {}) => idClaims({ sub: ann.uid, user_id: ann.uid, sid: ann.sid, ...over });
  test.each<[string, () => string]>([
    ["is garbage", () => "garbage"],
    ["is empty", () => ""],
    ["is not signed", () => unsigned(claims())],
    ["is signed by another key", () => signed(foreignKey, claims())],
    ["is signed by a key that is not published", () => signed(newKey("auth-2"), claims())],
    ["is signed by App Check's key", () => signed(appCheckKey, claims())],
    ["is an HMAC under the public key", () => confused(authKey, claims())],
    ["was altered to another account", () => altered(ann.idToken, { sub: "eve", user_id: "eve" })],
    ["was altered to another session", () => altered(ann.idToken, { sid: "other" })],
    ["has expired", () => signed(authKey, claims({ exp: seconds() - 1 }))],
    ["is for another project", () => signed(authKey, claims({ aud: "other" }))],
    ["is by another project", () => signed(authKey, claims({ iss: "https://securetoken.google.com/other" }))],
    ["is by another issuer", () => signed(authKey, claims({ iss: `https://evil.example/${PROJECT}` }))],
    ["names nobody", () => signed(authKey, claims({ sub: "" }))],
    ["is a session cookie", () => signed(authKey, claims({ iss: `https://session.firebase.google.com/${PROJECT}` }))],
  ])("that %s is refused", async (_why, idToken) => {
    expect(await served.call(CALL, {}, { idToken: idToken() })).toMatchObject(refusedBySdk);
  });

  test("that is missing is asked for", async () => {
    expect(await served.call(CALL, {})).toMatchObject({ http: 401, code: "request/sign-in-required" });
  });
});

describe("a good ID token alone is not enough", () => {
  test("without a session id", async () => {
    const { idToken } = await signIn({}, { sid: undefined });
    expect(await served.call(CALL, {}, { idToken })).toMatchObject({ http: 401, code: "request/session-missing" });
  });

  test("with a session id that nobody has", async () => {
    const { idToken } = await signIn({}, { sid: "AAAAAAAAAAAAAAAAAAAAAA" });
    expect(await served.call(CALL, {}, { idToken })).toMatchObject({ http: 401, code: "request/session-missing" });
  });

  // Firekeep draws the ids itself. Should one ever be anything else, it must not lead to another document.
  test.each<[string, unknown]>([
    ["that is empty", ""],
    ["that is no text", 7],
    ["that leads below the collection", "x/y/z"],
  ])("with a session id %s", async (_what, sid) => {
    const { idToken } = await signIn({}, { sid });
    const answer = await served.call(CALL, {}, { idToken });
    expect(["request/session-missing", "request/internal"]).toContain(answer.code);
    expect(answer.result).toBeUndefined();
  });

  test("with the session of another account", async () => {
    const { idToken } = await signIn({}, { sid: ann.sid });
    expect(await served.call(CALL, {}, { idToken })).toMatchObject({ http: 401, code: "request/session-missing" });
  });

  test.each<[string, Partial<Session>, string]>([
    ["revoked", { revokedAt: 1 }, "request/session-revoked"],
    ["idle too long", { idleExpiresAt: 1 }, "request/session-expired"],
    ["too old, though busy", { absoluteExpiresAt: 1 }, "request/session-expired"],
  ])("with a session that is %s", async (_why, session, code) => {
    const { idToken } = await signIn(session);
    expect(await served.call(CALL, {}, { idToken })).toMatchObject({ http: 401, code });
  });
});

test("a refusal is told, with its call and its code and nothing that was sent", async () => {
  const { uid, idToken } = await signIn({ revokedAt: 1 });
  await served.call(CALL, { surprise: "sent" }, { idToken });
  const [told] = served.published.filter(({ message }) => JSON.stringify(message).includes(uid));
  expect(told).toMatchObject({
    topic: "security-events",
    message: { name: "request.denied", outcome: "failure", detail: { call: CALL, code: "request/session-revoked" } },
  });
  expect(JSON.stringify(told)).not.toContain("surprise");
});

test("no token reaches the log", () => {
  expect(logs.length).toBeGreaterThan(20);
  const [, body = "", signature = ""] = ann.idToken.split(".");
  const written = logs.join("\n");
  for (const part of [ann.idToken, body, signature]) expect(written).not.toContain(part);
});
