import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { localKmsClient } from "./client.ts";
import { crc32c } from "./crc32c.ts";
import { freshPlace, makeKey, ONCE, refusal, startBench } from "./testkit.ts";
import type { Bench } from "./testkit.ts";

const plaintext = Buffer.from("secret");

describe("the control", () => {
  let bench: Bench;
  let name: string;
  const encrypt = () => bench.client.encrypt({ name, plaintext }, ONCE);
  const status = async (): Promise<string> => (await refusal(encrypt())).status;
  const post = async (path: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`http://127.0.0.1:${bench.kms.adminPort}${path}`, {
      method: "POST",
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${bench.kms.adminPort}${path}`)).json();

  beforeEach(async () => {
    bench = await startBench(localKmsClient);
    const { ring } = await freshPlace(bench);
    name = await makeKey(bench.client, ring);
    bench.kms.control.resetStats();
  });
  afterEach(() => bench.stop());

  test("counts calls by method and by key, the refused ones too", async () => {
    const { client, kms } = bench;
    const [{ ciphertext }] = await encrypt();
    await client.decrypt({ name, ciphertext: ciphertext ?? "" });
    await client.getCryptoKeyVersion({ name: `${name}/cryptoKeyVersions/1` });
    kms.control.setOutage(true);
    await refusal(encrypt());

    expect(await get("/stats")).toEqual({
      total: 4,
      refused: 1,
      byMethod: { Encrypt: 2, Decrypt: 1, GetCryptoKeyVersion: 1 },
      byKey: { [name]: 4 },
    });
    expect(await post("/stats/reset")).toEqual({ status: 200, body: { ok: true } });
    expect(kms.control.stats()).toEqual({ total: 0, refused: 0, byMethod: {}, byKey: {} });
  });

  test("an outage refuses everything until it is over", async () => {
    await post("/outage", { on: true });
    expect(await refusal(encrypt())).toEqual({
      status: "UNAVAILABLE",
      message: "The service is currently unavailable.",
    });
    expect((await refusal(bench.client.getCryptoKey({ name }, ONCE))).status).toBe("UNAVAILABLE");
    await post("/outage", { on: false });
    expect(await status()).toBe("OK");
  });

  test("a fault strikes the chosen method, as often as told, with the chosen code", async () => {
    await post("/faults", { method: "Encrypt", code: "ABORTED", times: 2 });
    const { client } = bench;

    expect((await refusal(client.getCryptoKey({ name }, ONCE))).status).toBe("OK");
    expect([await status(), await status(), await status()]).toEqual(["ABORTED", "ABORTED", "OK"]);
  });

  test("a fault with a rate of 1 strikes always, with 0 never, and can be cleared", async () => {
    const { control } = bench.kms;
    control.addFault({ code: "INTERNAL", rate: 0 });
    expect(await status()).toBe("OK");
    control.addFault({ code: "INTERNAL", rate: 1 });
    expect([await status(), await status()]).toEqual(["INTERNAL", "INTERNAL"]);
    await post("/faults/clear");
    expect(await status()).toBe("OK");
  });

  test("one injected failure is ridden over by the client's own retry", async () => {
    bench.kms.control.addFault({ method: "Encrypt", code: "UNAVAILABLE", times: 1 });
    await bench.client.encrypt({ name, plaintext });

    expect(bench.kms.control.stats()).toMatchObject({ refused: 1, byMethod: { Encrypt: 2 } });
  });

  test("a corrupted answer no longer fits its checksum", async () => {
    bench.kms.control.addFault({ corrupt: true, times: 1 });
    const [corrupt] = await encrypt();
    const [intact] = await encrypt();

    expect(crc32c(Buffer.from(corrupt.ciphertext ?? ""))).not.toBe(Number(corrupt.ciphertextCrc32c?.value));
    expect(crc32c(Buffer.from(intact.ciphertext ?? ""))).toBe(Number(intact.ciphertextCrc32c?.value));
  });

  test("a quota refuses what is over it, and only cryptography, until the minute or second is over", async () => {
    const { client, kms } = bench;
    await post("/clock", { nowMs: 1_900_000_000_000 }); // 20 s before a minute ends
    await post("/quota", { perMinute: 2 });
    const answers = [await status(), await status(), await status()];
    const refused = await refusal(encrypt());
    const management = (await refusal(client.getCryptoKey({ name }, ONCE))).status;
    kms.control.advanceClock(60_000);
    const nextMinute = await status();
    kms.control.setQuota({ perSecond: 1 });
    kms.control.setClock(1_900_000_100_000); // a second begins
    await encrypt();

    expect(answers).toEqual(["OK", "OK", "RESOURCE_EXHAUSTED"]);
    expect(refused.message).toContain("Quota exceeded for quota metric 'Cryptographic requests'");
    expect([management, nextMinute]).toEqual(["OK", "OK"]);
    expect(await status()).toBe("RESOURCE_EXHAUSTED");
    kms.control.advanceClock(1000);
    expect(await status()).toBe("OK");
    kms.control.setQuota({});
    expect([await status(), await status()]).toEqual(["OK", "OK"]);
  });

  test("latency delays every answer by that much", async () => {
    await encrypt(); // connects
    await post("/latency", { ms: 150 });
    const start = performance.now();
    await encrypt();

    expect(performance.now() - start).toBeGreaterThanOrEqual(148);
    await post("/latency", { ms: 0 });
  });

  test("the clock is set and moved, and runs on from there", async () => {
    const set = await post("/clock", { nowMs: 2_000_000_000_000 });
    await delay(5);
    const moved = (await post("/clock", { advanceMs: 1000 })).body as { nowMs: number };
    const { ring } = await freshPlace(bench);
    const [{ createTime }] = await bench.client.getKeyRing({ name: ring });

    expect(set.status).toBe(200);
    expect(moved.nowMs).toBeGreaterThan(2_000_000_001_000);
    expect(moved.nowMs).toBeLessThan(2_000_000_010_000);
    expect(Number(createTime?.seconds)).toBeGreaterThanOrEqual(2_000_000_001);
  });

  test("refuses wrong input with a sentence, and paths that do not exist", async () => {
    expect(await post("/clock", { advanceMs: "1" })).toEqual({
      status: 400,
      body: { error: "advanceMs must be a number from 0." },
    });
    expect((await post("/faults", { method: "Nothing", code: "ABORTED" })).status).toBe(400);
    expect((await post("/faults", { code: "WRONG" })).status).toBe(400);
    expect((await post("/faults", { method: "Encrypt" })).status).toBe(400);
    expect((await post("/outage", { on: 1 })).status).toBe(400);
    expect((await post("/nothing")).status).toBe(404);
    expect(await get("/health")).toMatchObject({ ok: true });
  });

  test("is not answered to web pages that point their own name at this machine", async () => {
    const { request } = await import("node:http");
    const answered = await new Promise<number | undefined>((resolve) => {
      const options = {
        port: bench.kms.adminPort,
        host: "127.0.0.1",
        path: "/stats",
        headers: { host: "evil.example" },
      };
      request(options, (response) => resolve(response.resume().statusCode)).end();
    });

    expect(answered).toBe(403);
  });
});
