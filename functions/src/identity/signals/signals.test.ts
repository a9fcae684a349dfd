import { afterEach, describe, expect, test } from "@jest/globals";
import { createPublicKey, sign, generateKeyPairSync, verify } from "node:crypto";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from "jose";
import { config } from "../../config.js";
import { caller, NOW } from "../identity.fixture.js";
import { consumeEvent } from "./consume-event.js";
import { deliverSignal } from "./deliver-signal.js";
import { listReceivers, readSignal, registerReceiver, removeReceiver, verifyReceiver } from "./manage-receivers.js";
import { keySet, transmitterConfiguration } from "./publish-keys.js";
import { joseSignature, kmsSetSigner } from "./sign-set.js";
import { event, fakeKms, signalWorld, startReceiver } from "./signals.fixture.js";

const operator = caller({ uid: "olga" });
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A world with one receiver that listens and answers these statuses. */
const listening = async (...statuses: number[]) => {
  const receiver = await startReceiver(...statuses);
  stops.push(receiver.stop);
  const world = signalWorld({ allowedOrigins: [receiver.origin] });
  const given = { url: receiver.url, audience: "https://partner.example", authorization: "Bearer open-sesame" };
  const events = ["session-revoked", "credential-change"] as const;
  const { id } = await registerReceiver(world.deps, operator, { ...given, events });
  return { ...world, receiver, id };
};

describe("a token", () => {
  test("is a signed SET that a receiver's own library verifies with the published key", async () => {
    const { deps, receiver, queued } = await listening(202);
    const message = event();
    expect(await consumeEvent(deps, message)).toBe(1);
    expect(await deliverSignal(deps, queued[0]!)).toBe("delivered");
    const [{ headers, body }] = receiver.got as [(typeof receiver.got)[0]];
    expect(headers).toMatchObject({
      "content-type": "application/secevent+jwt",
      accept: "application/json",
      authorization: "Bearer open-sesame",
    });
    expect(decodeProtectedHeader(body)).toMatchObject({ alg: "ES256", typ: "secevent+jwt" });
    const keys = createLocalJWKSet(await keySet(deps));
    const currentDate = new Date(deps.clock());
    const { payload } = await jwtVerify(body, keys, {
      issuer: "https://guard.example.org",
      audience: "https://partner.example",
      typ: "secevent+jwt",
      algorithms: ["ES256"],
      currentDate,
    });
    expect(payload).toMatchObject({
      jti: queued[0],
      sub_id: {
        format: "complex",
        user: { format: "iss_sub", iss: "https://securetoken.google.com/demo-firekeep", sub: "ann" },
        session: { format: "opaque", id: message.session },
      },
      events: { "https://schemas.openid.net/secevent/caep/event-type/session-revoked": expect.any(Object) },
    });
    // RFC 8417 §2.2 and §4.5 forbid what would let it pass for an access or ID token.
    expect(payload).not.toHaveProperty("exp");
    expect(payload).not.toHaveProperty("sub");
  });

  test("is made and delivered once, also when the message comes twice and the queue too", async () => {
    const { deps, receiver, queued } = await listening(202);
    const message = event();
    await consumeEvent(deps, message);
    await deliverSignal(deps, queued[0]!);
    await consumeEvent(deps, message);
    expect(await deliverSignal(deps, queued[0]!)).toBe("delivered");
    expect(queued).toHaveLength(1);
    expect(receiver.got).toHaveLength(1);
  });

  test("goes only to who wants its kind, and keeps no claim once it is delivered", async () => {
    const { deps, queued, signals } = await listening(202);
    const raised = event({ name: "identity.factor-accepted", detail: { assurance: 2, assuranceBefore: 1 } });
    expect(await consumeEvent(deps, raised)).toBe(0);
    await consumeEvent(deps, event());
    await deliverSignal(deps, queued[0]!);
    expect(signals.signals.get(queued[0]!)?.claims).toEqual({});
  });

  test("is tried again after a failure, with the same id, until it is taken", async () => {
    const { deps, receiver, queued } = await listening(503, 202);
    await consumeEvent(deps, event());
    await expect(deliverSignal(deps, queued[0]!)).rejects.toMatchObject({ code: "identity/delivery-failed" });
    expect(await deliverSignal(deps, queued[0]!)).toBe("delivered");
    const ids = receiver.got.map(({ body }) => (JSON.parse(atob(body.split(".")[1]!)) as { jti: string }).jti);
    expect(ids).toEqual([queued[0], queued[0]]);
  });

  test("is given up after the last try, and an event tells of it without naming the person", async () => {
    const { deps, queued, told } = await listening(500);
    await consumeEvent(deps, event());
    await expect(deliverSignal(deps, queued[0]!)).rejects.toThrow();
    await expect(deliverSignal(deps, queued[0]!)).rejects.toThrow();
    expect(await deliverSignal(deps, queued[0]!)).toBe("abandoned");
    expect(told.at(-1)).toMatchObject({ type: { name: "identity.signal-abandoned" }, detail: { attempts: 3 } });
    expect(JSON.stringify(told.at(-1))).not.toContain("ann");
  });

  test("that the receiver refuses as such is not sent again (RFC 8935 §2.3)", async () => {
    const { deps, receiver, queued } = await listening(400);
    await consumeEvent(deps, event());
    expect(await deliverSignal(deps, queued[0]!)).toBe("refused");
    expect(await deliverSignal(deps, queued[0]!)).toBe("refused");
    expect(receiver.got).toHaveLength(1);
  });

  test("for a receiver that was removed is dropped", async () => {
    const { deps, receiver, queued, id } = await listening(202);
    await consumeEvent(deps, event());
    await removeReceiver(deps, operator, id);
    expect(await deliverSignal(deps, queued[0]!)).toBe("abandoned");
    expect(receiver.got).toEqual([]);
    expect(await deliverSignal(deps, "unknown")).toBe("missing");
  });
});

describe("a receiver", () => {
  const given = { url: "https://partner.example/events", audience: "a", events: ["session-revoked"] as const };

  test.each([
    ["http://partner.example/events", "scheme"],
    ["https://user:secret@partner.example/", "url"],
    ["https://partner.example/#part", "url"],
    ["https://127.0.0.1/events", "address"],
    ["https://[::1]/", "address"],
    ["https://169.254.169.254/computeMetadata/v1/", "address"],
    ["nonsense", "url"],
  ])("at %s is refused", async (url, why) => {
    const { deps } = signalWorld();
    await expect(registerReceiver(deps, operator, { ...given, url })).rejects.toMatchObject({
      code: "identity/receiver-refused",
      details: { why },
    });
  });

  test("whose name begins to point inside our walls is not reached", async () => {
    const world = signalWorld();
    await registerReceiver(world.deps, operator, given);
    await consumeEvent(world.deps, event());
    const inside = { ...world.deps, resolve: async () => ["10.0.0.8"] };
    await expect(deliverSignal(inside, world.queued[0]!)).rejects.toMatchObject({ code: "identity/delivery-failed" });
  });

  test("is listed without what it wants in its header, and refused beyond the limit", async () => {
    const { deps, told } = signalWorld();
    const { id } = await registerReceiver(deps, operator, { ...given, authorization: "Bearer open-sesame" });
    const listed = await listReceivers(deps);
    expect(listed.receivers).toEqual([{ id, ...given, createdAt: deps.clock() }]);
    expect(JSON.stringify([listed, told])).not.toContain("open-sesame");
    await registerReceiver(deps, operator, given);
    await registerReceiver(deps, operator, given);
    await expect(registerReceiver(deps, operator, given)).rejects.toMatchObject({
      code: "identity/too-many-receivers",
    });
  });

  test("can be asked to show that it listens, and the answer is seen", async () => {
    const { deps, receiver, id } = await listening(202);
    const { signal } = await verifyReceiver(deps, id);
    expect(await readSignal(deps, signal)).toEqual({ state: "pending", attempts: 0 });
    await deliverSignal(deps, signal);
    expect(await readSignal(deps, signal)).toEqual({ state: "delivered", attempts: 1 });
    const payload = JSON.parse(atob(receiver.got[0]!.body.split(".")[1]!)) as { events: object };
    expect(payload.events).toEqual({
      "https://schemas.openid.net/secevent/ssf/event-type/verification": { state: signal },
    });
    await expect(readSignal(deps, "other")).rejects.toMatchObject({ code: "identity/signal-missing" });
    await expect(verifyReceiver(deps, "other")).rejects.toMatchObject({ code: "identity/receiver-missing" });
  });
});

test("without a public address nothing is registered and nothing is sent", async () => {
  const { deps } = signalWorld({ issuer: () => undefined });
  const given = { url: "https://partner.example/", audience: "a", events: ["session-revoked"] as const };
  await expect(registerReceiver(deps, operator, given)).rejects.toMatchObject({ code: "identity/signals-off" });
  expect(await consumeEvent(deps, event())).toBe(0);
});

const CLAIMS = {
  iss: "https://guard.example.org",
  jti: "1",
  iat: NOW / 1_000,
  aud: "https://partner.example",
  events: {},
};

describe("the key", () => {
  const verifies = async (token: string, published: JSONWebKeySet) =>
    jwtVerify(token, createLocalJWKSet(published), { currentDate: new Date(NOW) });

  test("goes over in steps: published before it signs, and still there for what the old one signed", async () => {
    const kms = fakeKms();
    const at = (sign: string, ...publish: string[]) => kmsSetSigner(kms, { sign, publish });
    const [before, published, signing, after] = [at("1", "1"), at("1", "1", "2"), at("2", "1", "2"), at("2", "2")];
    const [first, second] = await published.publicKeys();
    expect(await before.publicKeys()).toEqual([first]);
    expect(await signing.publicKeys()).toEqual([first, second]);
    expect(await after.publicKeys()).toEqual([second]);
    expect(first?.kid).not.toBe(second?.kid);
    const [old, young] = [await published.sign(CLAIMS), await signing.sign(CLAIMS)];
    expect([decodeProtectedHeader(old).kid, decodeProtectedHeader(young).kid]).toEqual([first?.kid, second?.kid]);
    // Receivers with a key set of an hour ago, and of now.
    const keys = await keySet({ signer: signing });
    for (const token of [old, young]) await expect(verifies(token, keys)).resolves.toBeDefined();
    await expect(verifies(young, await keySet({ signer: before }))).rejects.toThrow();
  });

  test("signs nothing while nobody can look it up", async () => {
    await expect(kmsSetSigner(fakeKms(), { sign: "2", publish: ["1"] }).sign(CLAIMS)).rejects.toThrow("not published");
  });

  test("in the configuration is published and signs", () => {
    const { sign: signs, publish } = config.signals.keyVersions;
    expect(publish).toContain(signs);
  });
});

test("the configuration names the key set under the same issuer", () => {
  expect(transmitterConfiguration("https://guard.example.org")).toMatchObject({
    issuer: "https://guard.example.org",
    jwks_uri: "https://guard.example.org/.well-known/jwks.json",
    delivery_methods_supported: ["urn:ietf:rfc:8935"],
  });
});

test("a thousand DER signatures, short numbers among them, become JOSE ones that verify", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = createPublicKey(privateKey);
  for (let round = 0; round < 1_000; round += 1) {
    const data = Buffer.from(String(round));
    const jose = joseSignature(sign("sha256", data, privateKey));
    expect(jose).toHaveLength(64);
    expect(verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, jose)).toBe(true);
  }
  expect(() => joseSignature(Buffer.from("3006020101020101", "hex"))).not.toThrow();
  expect(() => joseSignature(Buffer.alloc(70))).toThrow("not an ECDSA signature");
});
