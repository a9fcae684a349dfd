import { createHash, randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { HOUR, MINUTE } from "../../kernel/time.js";
import { encodeText, newDevice, signText, type TestDevice } from "../../platform/device.fixture.js";
import { memoryNonceStore } from "../../platform/nonce-store.js";
import { memoryPermitStore } from "../../platform/permit-store.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import { identity, storedSession } from "../identity.fixture.js";
import { cookieDeps } from "./cookie-deps.js";
import { serve } from "./functions.js";
import type { StoredSession } from "./session-store.js";

// The deployed function over real HTTP, in the express that the SDK brings; behind it, memory stores.
const URL = "https://api.example.org/identity-cookie-serve";
const SID = "sid-of-a-cookie-22-sig";
const TOKEN = "id.token.ann";

interface App {
  all(path: string, handler: unknown): void;
  listen(port: number, host: string, listening: () => void): Server;
}
const require = createRequire(join(__dirname, "../../../package.json"));
const SERVER = "express";
const express = require(SERVER) as () => App;

let server: Server;
let address: string;
let world: ReturnType<typeof identity>;
let device: TestDevice;

beforeAll(async () => {
  const app = express();
  app.all("/__firekeep/session", serve);
  await new Promise<void>((up) => (server = app.listen(0, "127.0.0.1", up)));
  address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/__firekeep/session`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

beforeEach(async () => {
  world = identity();
  device = newDevice();
  const { deps, time } = world;
  time.now = Date.now();
  const tokens: Readonly<Record<string, object>> = {
    [TOKEN]: { uid: "ann", sid: SID },
    "id.token.bob": { uid: "bob", sid: SID },
    "id.token.none": { uid: "ann" },
    "id.token.tenant": { uid: "ann", sid: SID, tenant: "north" },
  };
  Object.assign(cookieDeps(), {
    ...deps,
    verifyIdToken: (token: string) =>
      tokens[token] === undefined ? Promise.reject(new Error("bad token")) : Promise.resolve(tokens[token]),
    verifyAppCheck: (token: string) =>
      token === "app" ? Promise.resolve({}) : Promise.reject(new Error("not an app of ours")),
    nonces: memoryNonceStore(),
    limiter: rateLimiter({ permits: memoryPermitStore(), clock: deps.clock }),
    url: () => URL,
    origins: () => ["https://app.example.org"],
  });
  await begin({ jkt: device.jkt });
});

const begin = async (over: Partial<StoredSession> = {}) => {
  const { now } = world.time;
  const times = {
    startedAt: now,
    lastSeenAt: now,
    idleExpiresAt: now + 15 * MINUTE,
    absoluteExpiresAt: now + 12 * HOUR,
  };
  const session = storedSession({ sid: SID, ...times, ...over });
  await world.deps.sessions.start({
    uid: session.uid,
    sid: session.sid,
    signedInAt: now,
    at: now,
    build: () => session,
  });
};

interface Given {
  readonly claims?: object;
  readonly header?: object;
  readonly by?: TestDevice;
}

/** RFC 9449 §4.2, by the device, for setting the cookie with the token. */
const dpop = ({ claims = {}, header = {}, by = device }: Given = {}): string =>
  signText(
    by.privateKey,
    encodeText(JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: by.jwk, ...header })),
    encodeText(
      JSON.stringify({
        jti: randomBytes(16).toString("base64url"),
        htm: "POST",
        htu: URL,
        iat: Math.floor(world.time.now / 1000),
        ath: createHash("sha256").update(TOKEN).digest("base64url"),
        ...claims,
      }),
    ),
  );

type Headers = Readonly<Record<string, string | undefined>>;

const send = async (method: string, headers: Headers = {}) => {
  const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const response = await fetch(address, { method, headers: given });
  const text = await response.text();
  const setCookie = response.headers.get("set-cookie") ?? undefined;
  return {
    status: response.status,
    headers: response.headers,
    body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
    setCookie,
    cookie: /^__session=([^;]*)/.exec(setCookie ?? "")?.[1],
  };
};

const PAGE: Headers = {
  origin: "https://shop.example.org",
  "sec-fetch-site": "same-origin",
  "x-requested-with": "firekeep",
  "x-firebase-appcheck": "app",
  authorization: `Bearer ${TOKEN}`,
};
const post = (over: Headers = {}) => send("POST", { ...PAGE, dpop: dpop(), ...over });
const get = (cookie?: string, over: Headers = {}) =>
  send("GET", { ...(cookie !== undefined && { cookie: `__session=${cookie}` }), ...over });
const signedIn = async (): Promise<string> => (await post()).cookie!;

describe("setting the cookie", () => {
  test("answers one that scripts cannot read, that is as old as the session can get, and that no cache keeps", async () => {
    const { status, body, setCookie, headers } = await post();
    expect({ status, body }).toEqual({ status: 200, body: { expiresAt: world.time.now + 12 * HOUR } });
    expect(setCookie).toMatch(
      /^__session=sid-of-a-cookie-22-sig\.[\w-]{43}; HttpOnly; Secure; SameSite=Lax; Path=\/; Max-Age=43200$/,
    );
    expect(headers.get("cache-control")).toBe("private, no-store");
    const kept = await world.deps.sessions.find(SID);
    expect(JSON.stringify(kept)).not.toContain(/\.([\w-]{43})/.exec(setCookie!)![1]);
  });

  test("again, replaces it: the one before opens nothing", async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    expect((await get(first)).status).toBe(401);
    expect((await get(second)).status).toBe(200);
  });

  test.each<[string, Headers, number, string]>([
    ["no token", { authorization: undefined }, 401, "request/sign-in-required"],
    ["a token that is none", { authorization: "Bearer x.y.z" }, 401, "request/sign-in-required"],
    ["a token without a session", { authorization: "Bearer id.token.none" }, 401, "request/session-missing"],
    ["a token of somebody else", { authorization: "Bearer id.token.bob" }, 401, "request/session-missing"],
    ["a token of a tenant", { authorization: "Bearer id.token.tenant" }, 401, "request/session-missing"],
    ["no App Check", { "x-firebase-appcheck": undefined }, 401, "identity/app-rejected"],
    ["App Check of another app", { "x-firebase-appcheck": "other" }, 401, "identity/app-rejected"],
    ["no origin", { origin: undefined }, 403, "identity/origin-refused"],
    ["a foreign site", { "sec-fetch-site": "cross-site" }, 403, "identity/origin-refused"],
    ["nobody's navigation", { "sec-fetch-site": "none" }, 403, "identity/origin-refused"],
    ["a neighbouring host that is not listed", { "sec-fetch-site": "same-site" }, 403, "identity/origin-refused"],
    ["an old browser's page that is not listed", { "sec-fetch-site": undefined }, 403, "identity/origin-refused"],
    ["a plain form", { "x-requested-with": undefined }, 403, "identity/origin-refused"],
    ["no proof", { dpop: undefined }, 401, "request/proof-rejected"],
  ])("is refused to %s", async (_who, over, status, code) => {
    const answer = await post(over);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.setCookie).toBeUndefined();
    expect((await world.deps.sessions.find(SID))?.cookie).toBeUndefined();
  });

  test.each<[string, () => Given, string]>([
    ["of another key", () => ({ by: newDevice() }), "key"],
    ["that says one key and is signed by another", () => ({ header: { jwk: newDevice().jwk } }), "signature"],
    ["without a signature", () => ({ header: { alg: "none" } }), "signature"],
    ["of another type", () => ({ header: { typ: "jwt" } }), "signature"],
    ["for another method", () => ({ claims: { htm: "GET" } }), "function"],
    ["for another address", () => ({ claims: { htu: "https://evil.example/" } }), "function"],
    ["for another token", () => ({ claims: { ath: "x" } }), "body"],
    ["that is two minutes old", () => ({ claims: { iat: Math.floor(Date.now() / 1000) - 120 } }), "expired"],
    ["without a number of its own", () => ({ claims: { jti: undefined } }), "malformed"],
  ])("is refused with a proof %s", async (_name, given, why) => {
    expect(await post({ dpop: dpop(given()) })).toMatchObject({ body: { code: "request/proof-rejected", why } });
  });

  test("is refused with a proof that was used", async () => {
    const proof = dpop();
    expect((await post({ dpop: proof })).status).toBe(200);
    expect(await post({ dpop: proof })).toMatchObject({ status: 401, body: { why: "used" } });
  });

  test("is open to listed pages, and to old browsers from there; an unbound session needs no proof", async () => {
    const listed = { origin: "https://app.example.org", "sec-fetch-site": "same-site" };
    expect((await post(listed)).status).toBe(200);
    expect((await post({ ...listed, "sec-fetch-site": undefined })).status).toBe(200);
    await world.deps.sessions.change(SID, world.time.now, (session) => {
      return { answer: true, next: { ...session, jkt: undefined } as unknown as Partial<StoredSession> };
    });
    expect((await post({ dpop: undefined })).status).toBe(200);
  });

  test("is refused for a session that ended", async () => {
    await world.deps.sessions.revoke(SID, { uid: "ann", at: world.time.now, because: "owner" });
    expect(await post()).toMatchObject({ status: 401, body: { code: "request/session-revoked" } });
  });

  test("is limited by network", async () => {
    const answers = [];
    for (let index = 0; index < 61; index += 1) answers.push((await post({ dpop: undefined })).status);
    expect(answers.slice(0, 60)).toEqual(Array(60).fill(401));
    expect(answers[60]).toBe(429);
  });
});

describe("reading the cookie", () => {
  test("tells the app's server who it is, and nothing secret", async () => {
    const { status, body, setCookie, headers } = await get(await signedIn());
    expect({ status, setCookie }).toEqual({ status: 200, setCookie: undefined });
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(body).toEqual({
      uid: "ann",
      sid: SID,
      aal: 1,
      roles: ["user"],
      expiresAt: world.time.now + 12 * HOUR,
      stepUpRequired: false,
    });
  });

  test.each([
    ["nothing", undefined],
    ["an empty one", ""],
    ["words", "hello"],
    ["a session id alone", SID],
    ["another's secret", `${SID}.${"A".repeat(43)}`],
    ["another session's id", `${"B".repeat(22)}.${"A".repeat(43)}`],
    ["a path", `../../secUsers/ann.${"A".repeat(43)}`],
    ["two in one", `${SID}.${"A".repeat(43)}.${"A".repeat(43)}`],
  ])("answers 401 to %s, and takes it away", async (_name, cookie) => {
    await signedIn();
    const answer = await get(cookie);
    expect(answer).toMatchObject({ status: 401, body: { status: 401 } });
    expect(answer.setCookie).toBe("__session=; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=0");
    expect(await world.deps.sessions.find(SID)).not.toHaveProperty("revokedAt");
  });

  test("answers 401 to two cookies of the name: one was tossed in", async () => {
    const cookie = await signedIn();
    expect((await get(undefined, { cookie: `__session=${cookie}; __session=${SID}.${"A".repeat(43)}` })).status).toBe(
      401,
    );
    expect((await get(undefined, { cookie: `theme=dark; __session=${cookie}` })).status).toBe(200);
  });

  test("takes another person's secret for no session but its own", async () => {
    const ann = await signedIn();
    await begin({ uid: "bob", sid: "sid-of-another-22-sigs", cookie: { hash: "x", rotatedAt: world.time.now } });
    expect((await get(`sid-of-another-22-sigs.${ann.split(".")[1]!}`)).status).toBe(401);
  });

  test("is refused to pages of other sites", async () => {
    expect((await get(await signedIn(), { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  test("keeps the session from going idle; left alone it expires, and so does the longest", async () => {
    const cookie = await signedIn();
    world.time.now += 14 * MINUTE;
    expect((await get(cookie)).status).toBe(200);
    world.time.now += 14 * MINUTE;
    const next = await get(cookie);
    expect(next.status).toBe(200);
    world.time.now += config.session.idleMs;
    expect((await get(next.cookie ?? cookie)).status).toBe(401);
  });

  test("brings a fresh secret when it is due; the one before is good for parallel requests, and stolen after", async () => {
    const old = await signedIn();
    world.time.now += 10 * MINUTE;
    await get(old);
    world.time.now += 5 * MINUTE;
    const rotated = await get(old);
    expect(rotated).toMatchObject({ status: 200, setCookie: expect.stringContaining("Max-Age=42300") });
    expect((await get(old)).status).toBe(200);
    expect((await get(rotated.cookie)).status).toBe(200);
    world.time.now += config.session.secretGraceMs;
    expect((await get(old)).status).toBe(401);
    expect(await world.deps.sessions.find(SID)).toMatchObject({ revokedBecause: "stolen" });
    expect(world.told).toMatchObject([{ type: { name: "identity.session-stolen" } }]);
    expect(world.noticed).toMatchObject([{ kind: "session-stolen" }]);
    expect((await get(rotated.cookie)).status).toBe(401);
  });

  test("says that a second factor is demanded", async () => {
    const cookie = await signedIn();
    await world.deps.sessions.change(SID, world.time.now, () => ({ answer: 1, next: { stepUpRequired: true } }));
    expect((await get(cookie)).body).toMatchObject({ stepUpRequired: true });
  });

  test("sees a revocation at once", async () => {
    const cookie = await signedIn();
    await world.deps.sessions.revoke(SID, { uid: "ann", at: world.time.now, because: "owner" });
    expect((await get(cookie)).status).toBe(401);
  });
});

describe("leaving", () => {
  const leave = (cookie: string, over: Headers = {}) =>
    send("DELETE", { cookie: `__session=${cookie}`, "x-requested-with": "firekeep", ...over });

  test("ends the session and takes the cookie away, for the page and for the app's server", async () => {
    const answer = await leave(await signedIn(), {
      origin: "https://shop.example.org",
      "sec-fetch-site": "same-origin",
    });
    expect(answer).toMatchObject({ status: 200, cookie: "" });
    expect(await world.deps.sessions.find(SID)).toMatchObject({ revokedBecause: "sign-out" });
    expect(world.names()).toEqual(["identity.session-ended"]);
  });

  test.each<[string, Headers]>([
    ["a foreign page", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a foreign page of an old browser", { origin: "https://evil.example" }],
    ["a form", { "x-requested-with": undefined }],
  ])("cannot be forced by %s", async (_who, over) => {
    const cookie = await signedIn();
    expect(await leave(cookie, over)).toMatchObject({ status: 403, body: { code: "identity/origin-refused" } });
    expect((await get(cookie)).status).toBe(200);
  });

  test("with a cookie that is none ends nothing, and says the same", async () => {
    await signedIn();
    expect(await leave(`${SID}.${"A".repeat(43)}`)).toMatchObject({ status: 200, cookie: "" });
    expect(await world.deps.sessions.find(SID)).not.toHaveProperty("revokedAt");
  });
});

test.each(["PUT", "PATCH", "OPTIONS"])("%s is not served, and no other origin is let in", async (method) => {
  const { status, headers } = await send(method, { origin: "https://evil.example" });
  expect(status).toBe(405);
  expect(headers.get("allow")).toBe("POST, GET, DELETE");
  expect(headers.get("access-control-allow-origin")).toBeNull();
});
