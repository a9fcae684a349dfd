import { createPublicKey, verify } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startLocalKms, type LocalKms } from "../../../dev/kms/index.js";
import { config } from "../config.js";
import { cloudKms, connectClient } from "./kms-client.js";
import { crc32c } from "./kms-crc32c.js";
import type { Kms } from "./kms-port.js";

let server: LocalKms;
let kms: Kms;
let client: ReturnType<typeof connectClient>;
const before = { ...process.env };

beforeAll(async () => {
  server = await startLocalKms();
  server.seed({ project: "demo-kms-test", location: "europe-west1" });
  process.env["GCLOUD_PROJECT"] = "demo-kms-test";
  process.env["FIREKEEP_KMS_LOCATION"] = "europe-west1";
  process.env["FIREKEEP_KMS_ENDPOINT"] = `127.0.0.1:${String(server.port)}`;
  client = connectClient();
  kms = cloudKms({ ...config.kms, timeoutMs: 1_500 }, () => client);
});

afterEach(() => {
  server.control.setOutage(false);
  server.control.setLatency(0);
  server.control.clearFaults();
});

afterAll(async () => {
  await client.close();
  await server.stop();
  process.env = before;
});

const red = { ring: "red", key: "fields" } as const;
const plaintext = Buffer.from("thirty-two bytes of a data key..");
const associatedData = Buffer.from("whose it is");

test("wraps and unwraps through the official client", async () => {
  const { ciphertext } = await kms.encrypt({ ...red, plaintext, associatedData });
  expect(Buffer.from(ciphertext).includes(plaintext)).toBe(false);
  expect(Buffer.from(await kms.decrypt({ ...red, ciphertext, associatedData }))).toEqual(plaintext);
});

test("refuses a wrapped key whose associated data is another's", async () => {
  const { ciphertext } = await kms.encrypt({ ...red, plaintext, associatedData });
  const moved = kms.decrypt({ ...red, ciphertext, associatedData: Buffer.from("somebody else") });
  await expect(moved).rejects.toMatchObject({ code: "encryption/kms-refused" });
});

test("signs with Ed25519, so that the public key verifies it", async () => {
  const signing = { ring: "audit", key: "signing" } as const;
  const data = Buffer.from("a statement");
  const { signature, keyVersion } = await kms.asymmetricSign({ ...signing, data });
  const { pem } = await kms.publicKey(signing);
  expect(verify(null, data, createPublicKey(pem), signature)).toBe(true);
  expect(keyVersion).toMatch(/firekeep-audit\/cryptoKeys\/signing\/cryptoKeyVersions\/1$/u);
});

describe("when something is wrong", () => {
  test("an outage is `kms-unavailable` within the time limit, with the cause kept for the log", async () => {
    server.control.setOutage(true);
    const start = performance.now();
    const failing = kms.encrypt({ ...red, plaintext, associatedData });
    await expect(failing).rejects.toMatchObject({
      code: "encryption/kms-unavailable",
      cause: expect.any(Error) as unknown,
    });
    expect(performance.now() - start).toBeLessThan(2_500);
  });

  test("one lost call is tried again", async () => {
    server.control.addFault({ code: "UNAVAILABLE", times: 1 });
    const { ciphertext } = await kms.encrypt({ ...red, plaintext, associatedData });
    expect(ciphertext.length).toBeGreaterThan(plaintext.length);
  });

  test("an answer that was damaged on its way is noticed by its checksum and fetched again", async () => {
    const { ciphertext } = await kms.encrypt({ ...red, plaintext, associatedData });
    server.control.addFault({ method: "Decrypt", corrupt: true, times: 1 });
    expect(Buffer.from(await kms.decrypt({ ...red, ciphertext, associatedData }))).toEqual(plaintext);
    server.control.addFault({ method: "Decrypt", corrupt: true });
    const failing = kms.decrypt({ ...red, ciphertext, associatedData });
    await expect(failing).rejects.toMatchObject({ code: "encryption/kms-corrupt" });
  });

  test("a server that does not answer is given up after our own time limit, not the client's 600 s", async () => {
    server.control.setLatency(2_500);
    const start = performance.now();
    const failing = kms.encrypt({ ...red, plaintext, associatedData });
    await expect(failing).rejects.toMatchObject({ code: "encryption/kms-unavailable" });
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test("a refusal (permission gone) is `kms-refused`, and is not tried again", async () => {
    server.control.addFault({ code: "PERMISSION_DENIED" });
    server.control.resetStats();
    const failing = kms.encrypt({ ...red, plaintext, associatedData });
    await expect(failing).rejects.toMatchObject({ code: "encryption/kms-refused" });
    expect(server.control.stats().total).toBe(1);
  });
});

test("CRC-32C gives what RFC 3720 B.4 publishes", () => {
  expect(crc32c(Buffer.alloc(32)).toString(16)).toBe("8a9136aa");
  expect(crc32c(Buffer.alloc(32, 0xff)).toString(16)).toBe("62a8ab43");
  expect(crc32c(Buffer.from("123456789")).toString(16)).toBe("e3069283");
});
