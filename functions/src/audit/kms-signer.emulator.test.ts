import { createPublicKey } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startLocalKms, type LocalKms } from "../../../dev/kms/index.js";
import { config } from "../config.js";
import { cloudKms, connectClient } from "../platform/kms-client.js";
import { openCheckpoint, signCheckpoint } from "./checkpoint.js";
import { kmsSigner } from "./kms-signer.js";
import { signStatement, verifySigned, type Signer } from "./signed-statement.js";

let server: LocalKms;
let client: ReturnType<typeof connectClient>;
let signer: Signer;
const before = { ...process.env };

beforeAll(async () => {
  server = await startLocalKms();
  server.seed({ project: "demo-audit-kms", location: "europe-west1" });
  process.env["GCLOUD_PROJECT"] = "demo-audit-kms";
  process.env["FIREKEEP_KMS_LOCATION"] = "europe-west1";
  process.env["FIREKEEP_KMS_ENDPOINT"] = `127.0.0.1:${String(server.port)}`;
  client = connectClient();
  const kms = cloudKms({ ...config.kms, timeoutMs: 1_500 }, () => client);
  signer = kmsSigner(() => kms);
});

afterAll(async () => {
  await client.close();
  await server.stop();
  process.env = before;
});

test("a statement signed by the official KMS client verifies under the key that KMS hands out, and no other", async () => {
  const signed = await signStatement(signer, { type: "test/v1", b: 1, a: [true, null] });
  expect(signed.keyVersion).toContain("/keyRings/firekeep-audit/cryptoKeys/signing/cryptoKeyVersions/1");
  expect(createPublicKey(signed.publicKey).asymmetricKeyType).toBe("ed25519");
  expect(verifySigned(signed, signed.publicKey)).toBe(true);
  expect(verifySigned({ ...signed, statement: { ...signed.statement, b: 2 } }, signed.publicKey)).toBe(false);
});

test("a checkpoint signed by KMS opens, and not when a digit of it was changed", async () => {
  const { note, publicKey } = await signCheckpoint(signer, {
    origin: "firekeep/test",
    size: 17,
    root: Buffer.alloc(32, 7),
  });
  expect(openCheckpoint(note, publicKey)).toEqual({ origin: "firekeep/test", size: 17, root: Buffer.alloc(32, 7) });
  expect(openCheckpoint(note.replace("\n17\n", "\n16\n"), publicKey)).toBeUndefined();
});

test("nothing is signed while KMS is down", async () => {
  server.control.setOutage(true);
  await expect(signStatement(signer, { type: "test/v1" })).rejects.toMatchObject({
    code: "encryption/kms-unavailable",
  });
  server.control.setOutage(false);
});
