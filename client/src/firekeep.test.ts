import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { canonicalJson } from "./canonical-json.ts";
import { makeDeviceKey } from "./device-key.ts";
import { memoryDeviceStore } from "./device-store.ts";
import { createFirekeep } from "./firekeep.ts";
import { testServer, type Answer, type Arrived, type TestServer } from "./testkit.ts";

let server: TestServer | undefined;
afterEach(() => server?.close());

const serve = async (answer: (call: Arrived) => Answer = () => ({ result: { rotated: true } })): Promise<TestServer> =>
  (server = await testServer(answer));

const bound = async () => {
  const device = memoryDeviceStore();
  const key = await makeDeviceKey(device);
  await device.keepSecret({ present: "s".repeat(43), since: Date.now() });
  return { device, key };
};

const hashOf = (value: unknown) => createHash("sha256").update(canonicalJson(value)).digest("base64url");

test("a device without a key sends no proof", async () => {
  const { functions, arrived } = await serve();
  await createFirekeep(functions, { device: memoryDeviceStore() }).call("identity-session-end", {});
  expect(arrived).toMatchObject([{ data: {}, proof: undefined }]);
});

test("the proof is of what arrives: absent members and dates are as JSON leaves them, the second factor is in it", async () => {
  const { functions, arrived } = await serve();
  const { device, key } = await bound();
  const input = { code: "123456", scope: undefined, at: new Date(0) };
  await createFirekeep(functions, { device, rotateAfterMs: 1e9 }).call("identity-totp-verify", input, {
    stepUp: { method: "totp", code: "654321" },
  });
  const [call] = arrived;
  const { _proof, ...data } = call?.data ?? {};
  expect(data).toEqual({
    code: "123456",
    at: "1970-01-01T00:00:00.000Z",
    _stepUp: { method: "totp", code: "654321" },
  });
  expect(_proof).toEqual(expect.any(String));
  expect(call?.key).toEqual(key.jwk);
  expect(call?.proof).toMatchObject({
    bh: hashOf(data),
    htu: "https://europe-west1-demo.cloudfunctions.net/identity-totp-verify",
    secret: "s".repeat(43),
  });
});

test("a call that begins a session does not show the secret of another", async () => {
  const { functions, arrived } = await serve();
  const { device } = await bound();
  await createFirekeep(functions, { device }).call("identity-session-end", {}, { secret: "none" });
  expect(arrived[0]?.proof).not.toHaveProperty("secret");
});

describe("a device whose clock is wrong", () => {
  const NOW = 1_900_000_000_000;
  const strict = (call: Arrived): Answer =>
    Math.abs(Number(call.proof?.["iat"]) * 1000 - NOW) < 5_000
      ? { result: {} }
      : { refuse: "request/proof-rejected", details: { why: "expired", now: NOW } };

  test("is told the time once, and knows it from then on", async () => {
    const { functions, arrived } = await serve(strict);
    const firekeep = createFirekeep(functions, await bound());
    await firekeep.call("identity-session-end", {});
    await firekeep.call("identity-session-end", {});
    expect(arrived).toHaveLength(3);
    expect(new Set(arrived.map(({ proof }) => proof?.["jti"])).size).toBe(3);
  });

  test("is not retried for ever", async () => {
    const never = { refuse: "request/proof-rejected", details: { why: "expired", now: NOW } };
    const { functions, arrived } = await serve(() => never);
    const call = createFirekeep(functions, await bound()).call("identity-session-end", {});
    await expect(call).rejects.toMatchObject({ code: "request/proof-rejected" });
    expect(arrived).toHaveLength(2);
  });
});

test("a proof refused for another reason is not tried again", async () => {
  const { functions, arrived } = await serve(() => ({ refuse: "request/proof-rejected", details: { why: "key" } }));
  const call = createFirekeep(functions, await bound()).call("identity-session-end", {});
  await expect(call).rejects.toMatchObject({ code: "request/proof-rejected", details: { why: "key" } });
  expect(arrived).toHaveLength(1);
});

test("a lost key is said as what it is", async () => {
  const { functions } = await serve(() => ({ refuse: "request/proof-required", details: { why: "missing" } }));
  const call = createFirekeep(functions, { device: memoryDeviceStore() }).call("identity-session-end", {});
  await expect(call).rejects.toMatchObject({ code: "client/device-key-missing", details: { why: "missing" } });
});

describe("the session's secret", () => {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

  test("is renewed after a step-up, by a call proven with the old one", async () => {
    const { functions, of } = await serve();
    const { device } = await bound();
    await settle();
    const firekeep = createFirekeep(functions, { device });
    await firekeep.call("identity-totp-remove", {}, { stepUp: { method: "totp", code: "123456" } });
    await settle();
    const [rotation] = of("identity-session-rotate");
    expect(rotation?.proof).toMatchObject({ secret: "s".repeat(43) });
    const kept = await device.findSecret();
    expect(rotation?.data["next"]).toBe(
      createHash("sha256")
        .update(kept?.present ?? "")
        .digest("base64url"),
    );
    await firekeep.call("identity-session-end", {});
    expect(of("identity-session-end")[0]?.proof).toMatchObject({ secret: kept?.present });
  });

  test("is renewed with a call once it is old, and not before", async () => {
    const { functions, of } = await serve();
    const { device } = await bound();
    const firekeep = createFirekeep(functions, { device, rotateAfterMs: 100 });
    await firekeep.call("identity-totp-remove", {});
    await settle();
    expect(of("identity-session-rotate")).toHaveLength(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await firekeep.call("identity-totp-remove", {});
    await settle();
    expect(of("identity-session-rotate")).toHaveLength(1);
  });

  test("whose renewal fails does not trouble the call", async () => {
    const { functions } = await serve(({ id }) =>
      id === "identity-session-rotate" ? { refuse: "request/unavailable" } : { result: { ok: true } },
    );
    const { device } = await bound();
    const firekeep = createFirekeep(functions, { device, rotateAfterMs: 0 });
    await expect(firekeep.call("identity-totp-remove", {})).resolves.toEqual({ ok: true });
    await settle();
  });
});
