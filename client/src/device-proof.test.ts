import { expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { compactVerify, decodeProtectedHeader, importJWK } from "jose";
import { canonicalJson } from "./canonical-json.ts";
import { makeDeviceKey, findDeviceKey } from "./device-key.ts";
import { proveCall, proveRequest } from "./device-proof.ts";
import { memoryDeviceStore } from "./device-store.ts";

const CALL = {
  project: "demo",
  region: "europe-west1",
  id: "identity-session-end",
  data: { b: [1, "é"], a: { c: null } },
  now: 1_700_000_000_999,
};

const opened = async (proof: string) => {
  const header = decodeProtectedHeader(proof);
  const { payload } = await compactVerify(proof, await importJWK(header.jwk ?? {}, "ES256"));
  return { header, payload: JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown> };
};

test("an independent library verifies the proof, and it says which call it is for", async () => {
  const key = await makeDeviceKey(memoryDeviceStore());
  const { header, payload } = await opened(await proveCall(key, { ...CALL, secret: "s".repeat(43) }));
  expect(header).toEqual({ typ: "dpop+jwt", alg: "ES256", jwk: key.jwk });
  expect(Object.keys(key.jwk)).toEqual(["kty", "crv", "x", "y"]);
  expect(payload).toEqual({
    jti: expect.stringMatching(/^[\w-]{22}$/) as unknown,
    htm: "POST",
    htu: "https://europe-west1-demo.cloudfunctions.net/identity-session-end",
    iat: 1_700_000_000,
    bh: createHash("sha256").update(canonicalJson(CALL.data)).digest("base64url"),
    secret: "s".repeat(43),
  });
});

test("no two proofs are the same, and without a secret there is none in it", async () => {
  const key = await makeDeviceKey(memoryDeviceStore());
  const [first, second] = await Promise.all([proveCall(key, CALL), proveCall(key, CALL)]);
  const ids = [(await opened(first)).payload["jti"], (await opened(second)).payload["jti"]];
  expect(new Set(ids).size).toBe(2);
  expect((await opened(first)).payload).not.toHaveProperty("secret");
});

test("the private key cannot be exported, and a device keeps one key however often it is asked", async () => {
  const store = memoryDeviceStore();
  expect(await findDeviceKey(store)).toBeUndefined();
  const keys = await Promise.all(Array.from({ length: 20 }, () => makeDeviceKey(store)));
  expect(new Set(keys.map(({ jwk }) => jwk.x)).size).toBe(1);
  const pair = await store.findKey();
  expect(pair?.privateKey.extractable).toBe(false);
  if (pair === undefined) throw new Error("the store kept no key");
  await expect(crypto.subtle.exportKey("jwk", pair.privateKey)).rejects.toThrow();
});

test("the proof of an HTTP request is for its method, its address and the token it carries", async () => {
  const key = await makeDeviceKey(memoryDeviceStore());
  const url = "https://app.example/identity-cookie-serve";
  const { payload } = await opened(await proveRequest(key, { method: "POST", url, token: "a.b.c", now: 5_000 }));
  const ath = createHash("sha256").update("a.b.c").digest("base64url");
  expect(payload).toMatchObject({ htm: "POST", htu: url, ath, iat: 5 });
});
