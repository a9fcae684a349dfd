import { createHash, createHmac, createPublicKey, randomBytes, verify } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { crc32c } from "./crc32c.ts";
import { freshPlace, makeKey, ONCE, refusal, startBench, TRANSPORTS } from "./testkit.ts";
import type { Bench } from "./testkit.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DECRYPTION_FAILED = "Decryption failed: verify that 'name' refers to the correct CryptoKey.";
const plaintext = Buffer.from("a person's secret");
const additionalAuthenticatedData = Buffer.from("users/ada#email");
const crcOf = (data: Uint8Array): { value: number } => ({ value: crc32c(data) });
const wrong = { value: 1 };
const enabling = (name: string, state: "ENABLED" | "DISABLED") => ({
  cryptoKeyVersion: { name, state },
  updateMask: { paths: ["state"] },
});

// The official client is the judge: whatever it cannot encode, route, decode or map to an error fails here.
describe.each(TRANSPORTS)("the official client over %s", (_, connect) => {
  let bench: Bench;
  let location: string;
  let ring: string;
  beforeAll(async () => {
    bench = await startBench(connect);
  });
  beforeEach(async () => {
    ({ location, ring } = await freshPlace(bench));
  });
  afterAll(() => bench.stop());

  describe("key rings and keys", () => {
    test("are created, read back and listed", async () => {
      const { client } = bench;
      await client.createKeyRing({ parent: location, keyRingId: "other" });
      const name = await makeKey(client, ring, { labels: { class: "red" } });
      const [found] = await client.getKeyRing({ name: ring });
      const [key] = await client.getCryptoKey({ name });
      const [rings] = await client.listKeyRings({ parent: location });
      const [keys] = await client.listCryptoKeys({ parent: ring });
      const [elsewhere] = await client.listCryptoKeys({ parent: `${location}/keyRings/other` });

      expect(found.name).toBe(ring);
      expect(Number(found.createTime?.seconds)).toBeGreaterThan(1_700_000_000);
      expect(key).toMatchObject({ name, purpose: "ENCRYPT_DECRYPT", labels: { class: "red" } });
      expect(key.primary).toMatchObject({ name: `${name}/cryptoKeyVersions/1`, state: "ENABLED" });
      expect(key.versionTemplate).toEqual({ algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "SOFTWARE" });
      expect(key.destroyScheduledDuration?.seconds).toBe(String(30 * 24 * 3600));
      expect(rings.map((listed) => listed.name)).toEqual([`${location}/keyRings/other`, ring]);
      expect(keys.map((listed) => listed.name)).toEqual([name]);
      expect(elsewhere).toEqual([]);
    });

    test("are listed page by page until none is left", async () => {
      const { client } = bench;
      for (const id of ["a", "b", "c"]) await makeKey(client, ring, {}, id);
      const [first, , answer] = await client.listCryptoKeys({ parent: ring, pageSize: 2 }, { autoPaginate: false });
      const pageToken = answer.nextPageToken ?? "";
      const [rest, , last] = await client.listCryptoKeys(
        { parent: ring, pageSize: 2, pageToken },
        { autoPaginate: false },
      );

      expect([first.length, answer.totalSize, rest.length, last.nextPageToken]).toEqual([2, 3, 1, ""]);
    });

    test("that exist already are refused, and so are missing ones", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const missing = `${ring}/cryptoKeys/none`;

      expect(await refusal(client.createKeyRing({ parent: location, keyRingId: "ring" }))).toEqual({
        status: "ALREADY_EXISTS",
        message: `KeyRing ${ring} already exists.`,
      });
      expect(await refusal(makeKey(client, ring))).toEqual({
        status: "ALREADY_EXISTS",
        message: `CryptoKey ${name} already exists.`,
      });
      expect(await refusal(client.getCryptoKey({ name: missing }))).toEqual({
        status: "NOT_FOUND",
        message: `CryptoKey ${missing} not found.`,
      });
      expect((await refusal(client.getKeyRing({ name: `${location}/keyRings/none` }))).status).toBe("NOT_FOUND");
      expect((await refusal(client.getCryptoKeyVersion({ name: `${name}/cryptoKeyVersions/2` }))).status).toBe(
        "NOT_FOUND",
      );
      expect((await refusal(client.encrypt({ name: missing, plaintext }))).status).toBe("NOT_FOUND");
    });

    test("with malformed ids, purposes, algorithms or durations are refused", async () => {
      const { client } = bench;
      const refusals = await Promise.all(
        [
          client.createKeyRing({ parent: location, keyRingId: "no spaces" }),
          client.createKeyRing({ parent: location, keyRingId: "" }),
          makeKey(client, ring, { purpose: "CRYPTO_KEY_PURPOSE_UNSPECIFIED" }, "a"),
          makeKey(client, ring, { purpose: "MAC" }, "b"),
          makeKey(client, ring, { purpose: "MAC", versionTemplate: { algorithm: "EC_SIGN_ED25519" } }, "c"),
          makeKey(client, ring, { destroyScheduledDuration: { seconds: 3600 } }, "d"),
          makeKey(client, ring, { rotationPeriod: { seconds: 3600 }, nextRotationTime: { seconds: 4e9 } }, "e"),
          makeKey(client, ring, { rotationPeriod: { seconds: 7 * 24 * 3600 } }, "f"),
        ].map(refusal),
      );

      expect(refusals.map(({ status }) => status)).toEqual(Array(8).fill("INVALID_ARGUMENT"));
    });

    test("of kinds that only the real service has say so", async () => {
      const { client } = bench;
      const rsa = makeKey(client, ring, {
        purpose: "ASYMMETRIC_DECRYPT",
        versionTemplate: { algorithm: "RSA_DECRYPT_OAEP_2048_SHA256" },
      });

      expect(await refusal(rsa)).toEqual({
        status: "UNIMPLEMENTED",
        message: "The local Cloud KMS does not implement purpose ASYMMETRIC_DECRYPT.",
      });
    });

    test("take new labels and a new template, and nothing immutable", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring, { labels: { a: "1" } });
      const update = (paths: string[]) =>
        client.updateCryptoKey({
          cryptoKey: { name, labels: { b: "2" }, versionTemplate: { protectionLevel: "HSM" }, purpose: "MAC" },
          updateMask: { paths },
        });
      const [relabelled] = await update(["labels"]);
      const [retemplated] = await update(["version_template.protection_level"]);
      const [version] = await client.createCryptoKeyVersion({ parent: name });

      expect(relabelled).toMatchObject({ labels: { b: "2" }, versionTemplate: { protectionLevel: "SOFTWARE" } });
      expect(retemplated).toMatchObject({ versionTemplate: { protectionLevel: "HSM" } });
      expect(version).toMatchObject({ protectionLevel: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" });
      expect((await refusal(update(["purpose"]))).status).toBe("INVALID_ARGUMENT");
      expect((await refusal(update([]))).status).toBe("INVALID_ARGUMENT");
    });
  });

  describe("encryption", () => {
    test("comes back with associated data and checksums in both directions", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const [sealed] = await client.encrypt({
        name,
        plaintext,
        additionalAuthenticatedData,
        plaintextCrc32c: crcOf(plaintext),
        additionalAuthenticatedDataCrc32c: crcOf(additionalAuthenticatedData),
      });
      const ciphertext = Buffer.from(sealed.ciphertext ?? "");
      const [opened] = await client.decrypt({
        name,
        ciphertext,
        additionalAuthenticatedData,
        ciphertextCrc32c: crcOf(ciphertext),
        additionalAuthenticatedDataCrc32c: crcOf(additionalAuthenticatedData),
      });

      expect(sealed).toMatchObject({
        name: `${name}/cryptoKeyVersions/1`,
        verifiedPlaintextCrc32c: true,
        verifiedAdditionalAuthenticatedDataCrc32c: true,
        protectionLevel: "SOFTWARE",
      });
      expect(Number(sealed.ciphertextCrc32c?.value)).toBe(crc32c(ciphertext));
      expect(ciphertext.includes(plaintext)).toBe(false);
      expect(Buffer.from(opened.plaintext ?? "")).toEqual(plaintext);
      expect(Number(opened.plaintextCrc32c?.value)).toBe(crc32c(plaintext));
      expect(opened.usedPrimary).toBe(true);
    });

    test("does not claim to have verified checksums that were not sent", async () => {
      const { client } = bench;
      const [sealed] = await client.encrypt({ name: await makeKey(client, ring), plaintext });

      expect(sealed).toMatchObject({
        verifiedPlaintextCrc32c: false,
        verifiedAdditionalAuthenticatedDataCrc32c: false,
      });
    });

    test("takes an empty plaintext, whose checksum is 0", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const [sealed] = await client.encrypt({ name, plaintext: Buffer.alloc(0), plaintextCrc32c: { value: 0 } });
      const [opened] = await client.decrypt({ name, ciphertext: sealed.ciphertext ?? "" });

      expect(sealed.verifiedPlaintextCrc32c).toBe(true);
      expect(opened.plaintext).toHaveLength(0);
      expect(Number(opened.plaintextCrc32c?.value)).toBe(0);
    });

    test("never gives the same ciphertext twice", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const [one] = await client.encrypt({ name, plaintext });
      const [two] = await client.encrypt({ name, plaintext });

      expect(one.ciphertext).not.toEqual(two.ciphertext);
    });

    test("refuses data that was corrupted on its way, naming the field", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const [sealed] = await client.encrypt({ name, plaintext });
      const ciphertext = sealed.ciphertext ?? "";
      const mismatch = (field: string) => ({
        status: "INVALID_ARGUMENT",
        message: `The checksum in field ${field}_crc32c did not match the data in field ${field}.`,
      });

      expect(await refusal(client.encrypt({ name, plaintext, plaintextCrc32c: wrong }))).toEqual(mismatch("plaintext"));
      expect(await refusal(client.encrypt({ name, plaintext, additionalAuthenticatedDataCrc32c: wrong }))).toEqual(
        mismatch("additional_authenticated_data"),
      );
      expect(await refusal(client.decrypt({ name, ciphertext, ciphertextCrc32c: wrong }))).toEqual(
        mismatch("ciphertext"),
      );
      expect(await refusal(client.decrypt({ name, ciphertext, additionalAuthenticatedDataCrc32c: wrong }))).toEqual(
        mismatch("additional_authenticated_data"),
      );
    });

    test("is refused when associated data, key or any byte of the ciphertext differs", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const other = await makeKey(client, ring, {}, "other");
      const [sealed] = await client.encrypt({ name, plaintext, additionalAuthenticatedData });
      const ciphertext = Buffer.from(sealed.ciphertext ?? "");
      const failed = { status: "INVALID_ARGUMENT", message: DECRYPTION_FAILED };
      const tampered = Array.from(ciphertext, (byte, at) => Buffer.from(ciphertext).fill(byte ^ 1, at, at + 1));
      const attempts = [...tampered, ciphertext.subarray(1), ciphertext.subarray(0, 20), Buffer.alloc(0)].map((bytes) =>
        refusal(client.decrypt({ name, ciphertext: bytes, additionalAuthenticatedData })),
      );

      expect(new Set((await Promise.all(attempts)).map((answer) => JSON.stringify(answer)))).toEqual(
        new Set([JSON.stringify(failed)]),
      );
      expect(await refusal(client.decrypt({ name, ciphertext }))).toEqual(failed);
      expect(
        await refusal(
          client.decrypt({ name, ciphertext, additionalAuthenticatedData: Buffer.from("users/eve#email") }),
        ),
      ).toEqual(failed);
      expect(await refusal(client.decrypt({ name: other, ciphertext, additionalAuthenticatedData }))).toEqual(failed);
    });

    test("takes 64 KiB of plaintext and of associated data, and not a byte more", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const full = randomBytes(64 * 1024);
      const [sealed] = await client.encrypt({ name, plaintext: full, additionalAuthenticatedData: full });
      const [opened] = await client.decrypt({
        name,
        ciphertext: sealed.ciphertext ?? "",
        additionalAuthenticatedData: full,
      });
      const more = Buffer.alloc(64 * 1024 + 1);

      expect(Buffer.from(opened.plaintext ?? "").equals(full)).toBe(true);
      expect((await refusal(client.encrypt({ name, plaintext: more }))).status).toBe("INVALID_ARGUMENT");
      expect((await refusal(client.encrypt({ name, plaintext, additionalAuthenticatedData: more }))).status).toBe(
        "INVALID_ARGUMENT",
      );
    });

    test("under an HSM key takes 8 KiB together", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring, { versionTemplate: { protectionLevel: "HSM" } });
      const half = Buffer.alloc(4 * 1024);
      const [sealed] = await client.encrypt({ name, plaintext: half, additionalAuthenticatedData: half });

      expect(sealed.protectionLevel).toBe("HSM");
      expect(
        (await refusal(client.encrypt({ name, plaintext: half, additionalAuthenticatedData: Buffer.alloc(4097) })))
          .status,
      ).toBe("INVALID_ARGUMENT");
    });

    test("is refused for malformed names and for keys of another purpose", async () => {
      const { client } = bench;
      const macKey = await makeKey(client, ring, { purpose: "MAC", versionTemplate: { algorithm: "HMAC_SHA256" } });
      const odd = await refusal(client.encrypt({ name: `${ring}/cryptoKeys/key/what/ever`, plaintext }));

      expect(odd.status).toBe("INVALID_ARGUMENT");
      expect((await refusal(client.encrypt({ name: macKey, plaintext }))).status).toBe("FAILED_PRECONDITION");
      expect((await refusal(client.decrypt({ name: macKey, ciphertext: plaintext }))).status).toBe(
        "FAILED_PRECONDITION",
      );
    });
  });

  describe("versions", () => {
    test("rotate by hand: new data under the new primary, old ciphertext still opens", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const [old] = await client.encrypt({ name, plaintext });
      const [second] = await client.createCryptoKeyVersion({ parent: name });
      const [before] = await client.encrypt({ name, plaintext });
      const [key] = await client.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: "2" });
      const [after] = await client.encrypt({ name, plaintext });
      const [opened] = await client.decrypt({ name, ciphertext: old.ciphertext ?? "" });
      const [versions] = await client.listCryptoKeyVersions({ parent: name });

      expect([second.name, second.state]).toEqual([`${name}/cryptoKeyVersions/2`, "ENABLED"]);
      expect(key.primary?.name).toBe(`${name}/cryptoKeyVersions/2`);
      expect([before.name, after.name]).toEqual([`${name}/cryptoKeyVersions/1`, `${name}/cryptoKeyVersions/2`]);
      expect(Buffer.from(opened.plaintext ?? "")).toEqual(plaintext);
      expect(opened.usedPrimary).toBe(false);
      expect(versions.map((version) => version.name?.split("/").at(-1))).toEqual(["1", "2"]);
    });

    test("can be named for encryption", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      await client.createCryptoKeyVersion({ parent: name });
      const [sealed] = await client.encrypt({ name: `${name}/cryptoKeyVersions/2`, plaintext });
      const [opened] = await client.decrypt({ name, ciphertext: sealed.ciphertext ?? "" });

      expect(sealed.name).toBe(`${name}/cryptoKeyVersions/2`);
      expect(Buffer.from(opened.plaintext ?? "")).toEqual(plaintext);
    });

    test("rotate on their own when the clock says so, once for each period", async () => {
      const { client, kms } = bench;
      const start = Math.floor(kms.control.now() / 1000);
      const rotationPeriod = { seconds: 7 * 24 * 3600 };
      const name = await makeKey(client, ring, { rotationPeriod, nextRotationTime: { seconds: start + 24 * 3600 } });
      const [old] = await client.encrypt({ name, plaintext });
      kms.control.advanceClock(1 * DAY_MS + 1000);
      const [once] = await client.getCryptoKey({ name });
      kms.control.advanceClock(14 * DAY_MS);
      const [thrice] = await client.getCryptoKey({ name });
      const [opened] = await client.decrypt({ name, ciphertext: old.ciphertext ?? "" });

      expect(once.primary?.name).toBe(`${name}/cryptoKeyVersions/2`);
      expect(Number(once.nextRotationTime?.seconds)).toBe(start + 8 * 24 * 3600);
      expect(Number(once.rotationPeriod?.seconds)).toBe(rotationPeriod.seconds);
      expect(thrice.primary?.name).toBe(`${name}/cryptoKeyVersions/4`);
      expect(opened.usedPrimary).toBe(false);
    });

    test("take and drop a rotation schedule by update", async () => {
      const { client, kms } = bench;
      const name = await makeKey(client, ring);
      const paths = ["rotation_period", "next_rotation_time"];
      const nextRotationTime = { seconds: Math.floor(kms.control.now() / 1000) + 24 * 3600 };
      const rotationPeriod = { seconds: 24 * 3600 };
      const schedule = { cryptoKey: { name, rotationPeriod, nextRotationTime }, updateMask: { paths } };
      const [scheduled] = await client.updateCryptoKey(schedule);
      const [dropped] = await client.updateCryptoKey({ cryptoKey: { name }, updateMask: { paths } });
      kms.control.advanceClock(3 * DAY_MS);
      const [key] = await client.getCryptoKey({ name });

      expect(Number(scheduled.rotationPeriod?.seconds)).toBe(24 * 3600);
      expect(dropped.rotationPeriod ?? null).toBeNull();
      expect(key.primary?.name).toBe(`${name}/cryptoKeyVersions/1`);
      expect((await refusal(client.updateCryptoKey(schedule))).status).toBe("INVALID_ARGUMENT"); // now in the past
    });

    test("that are disabled refuse to work until they are enabled again", async () => {
      const { client } = bench;
      const name = await makeKey(client, ring);
      const version = `${name}/cryptoKeyVersions/1`;
      const [sealed] = await client.encrypt({ name, plaintext });
      const ciphertext = sealed.ciphertext ?? "";
      const [disabled] = await client.updateCryptoKeyVersion(enabling(version, "DISABLED"));
      const refused = {
        status: "FAILED_PRECONDITION",
        message: `${version} is not enabled, current state is: DISABLED.`,
      };

      expect(disabled.state).toBe("DISABLED");
      expect((await client.getCryptoKey({ name }))[0].primary?.state).toBe("DISABLED");
      expect(await refusal(client.decrypt({ name, ciphertext }))).toEqual(refused);
      expect(await refusal(client.encrypt({ name, plaintext }))).toEqual(refused);
      expect((await refusal(client.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: "1" }))).status).toBe(
        "FAILED_PRECONDITION",
      );
      await client.updateCryptoKeyVersion(enabling(version, "ENABLED"));
      const [opened] = await client.decrypt({ name, ciphertext });
      expect(Buffer.from(opened.plaintext ?? "")).toEqual(plaintext);
    });

    test("change nothing but their state, and that only by mask", async () => {
      const { client } = bench;
      const name = `${await makeKey(client, ring)}/cryptoKeyVersions/1`;
      const update = (state: "ENABLED" | "DESTROYED", paths: string[]) =>
        refusal(client.updateCryptoKeyVersion({ cryptoKeyVersion: { name, state }, updateMask: { paths } }));

      expect((await update("ENABLED", [])).status).toBe("INVALID_ARGUMENT");
      expect((await update("ENABLED", ["algorithm"])).status).toBe("INVALID_ARGUMENT");
      expect((await update("DESTROYED", ["state"])).status).toBe("INVALID_ARGUMENT");
    });

    test("scheduled for destruction are restored as disabled, and work once enabled", async () => {
      const { client, kms } = bench;
      const name = await makeKey(client, ring);
      const version = `${name}/cryptoKeyVersions/1`;
      const [sealed] = await client.encrypt({ name, plaintext });
      const ciphertext = sealed.ciphertext ?? "";
      const [scheduled] = await client.destroyCryptoKeyVersion({ name: version });
      kms.control.advanceClock(30 * DAY_MS - 60_000);
      const refused = await refusal(client.decrypt({ name, ciphertext }));
      const again = await refusal(client.destroyCryptoKeyVersion({ name: version }));
      const enabled = await refusal(client.updateCryptoKeyVersion(enabling(version, "ENABLED")));
      const [restored] = await client.restoreCryptoKeyVersion({ name: version });
      await client.updateCryptoKeyVersion(enabling(version, "ENABLED"));
      kms.control.advanceClock(60 * DAY_MS);
      const [opened] = await client.decrypt({ name, ciphertext });

      expect(scheduled.state).toBe("DESTROY_SCHEDULED");
      expect(refused.message).toBe(`${version} is not enabled, current state is: DESTROY_SCHEDULED.`);
      expect([again.status, enabled.status]).toEqual(["FAILED_PRECONDITION", "FAILED_PRECONDITION"]);
      expect(restored).toMatchObject({ state: "DISABLED", destroyTime: null });
      expect(Buffer.from(opened.plaintext ?? "")).toEqual(plaintext);
    });

    test("are destroyed for good after the key's own delay", async () => {
      const { client, kms } = bench;
      const name = await makeKey(client, ring, { destroyScheduledDuration: { seconds: 24 * 3600 } });
      const version = `${name}/cryptoKeyVersions/1`;
      const [sealed] = await client.encrypt({ name, plaintext });
      const [scheduled] = await client.destroyCryptoKeyVersion({ name: version });
      kms.control.advanceClock(DAY_MS + 1000);
      const [destroyed] = await client.getCryptoKeyVersion({ name: version });

      expect(destroyed.state).toBe("DESTROYED");
      expect(destroyed.destroyEventTime).toEqual(scheduled.destroyTime);
      expect(await refusal(client.decrypt({ name, ciphertext: sealed.ciphertext ?? "" }))).toEqual({
        status: "FAILED_PRECONDITION",
        message: `${version} is not enabled, current state is: DESTROYED.`,
      });
      expect((await refusal(client.restoreCryptoKeyVersion({ name: version }))).status).toBe("FAILED_PRECONDITION");
      expect((await refusal(client.updateCryptoKeyVersion(enabling(version, "ENABLED")))).status).toBe(
        "FAILED_PRECONDITION",
      );
    });

    test("are wanted for encryption: a key without one has no primary", async () => {
      const { client } = bench;
      await client.createCryptoKey({
        parent: ring,
        cryptoKeyId: "empty",
        cryptoKey: { purpose: "ENCRYPT_DECRYPT" },
        skipInitialVersionCreation: true,
      });
      const name = `${ring}/cryptoKeys/empty`;

      expect((await client.getCryptoKey({ name }))[0].primary).toBeNull();
      expect(await refusal(client.encrypt({ name, plaintext }))).toEqual({
        status: "FAILED_PRECONDITION",
        message: `CryptoKey ${name} has no primary version.`,
      });
    });
  });

  describe("message authentication", () => {
    const macKey = async (): Promise<string> => {
      const template = { versionTemplate: { algorithm: "HMAC_SHA256" as const } };
      return `${await makeKey(bench.client, ring, { purpose: "MAC", ...template })}/cryptoKeyVersions/1`;
    };

    test("verifies its own codes and no others", async () => {
      const { client } = bench;
      const name = await macKey();
      const [signed] = await client.macSign({ name, data: plaintext, dataCrc32c: crcOf(plaintext) });
      const mac = Buffer.from(signed.mac ?? "");
      const check = async (data: Buffer, code: Buffer) =>
        (await client.macVerify({ name, data, mac: code, dataCrc32c: crcOf(data), macCrc32c: crcOf(code) }))[0];

      expect(signed).toMatchObject({ name, verifiedDataCrc32c: true });
      expect(mac).toHaveLength(32);
      expect(mac).not.toEqual(createHmac("sha256", "").update(plaintext).digest());
      expect(Number(signed.macCrc32c?.value)).toBe(crc32c(mac));
      expect(await check(plaintext, mac)).toMatchObject({
        success: true,
        verifiedDataCrc32c: true,
        verifiedMacCrc32c: true,
        verifiedSuccessIntegrity: true,
      });
      expect(await check(Buffer.from("other"), mac)).toMatchObject({ success: false, verifiedSuccessIntegrity: false });
      expect(await check(plaintext, mac.subarray(1))).toMatchObject({ success: false });
    });

    test("is stable, so that a blind index can be built on it", async () => {
      const { client } = bench;
      const name = await macKey();
      const [one] = await client.macSign({ name, data: plaintext });
      const [two] = await client.macSign({ name, data: plaintext });

      expect(one.mac).toEqual(two.mac);
    });

    test("refuses corrupted data, too much of it, disabled versions and other purposes", async () => {
      const { client } = bench;
      const name = await macKey();
      const other = `${await makeKey(client, ring, {}, "symmetric")}/cryptoKeyVersions/1`;
      const refusedForPurpose = await refusal(client.macSign({ name: other, data: plaintext }));

      expect((await refusal(client.macSign({ name, data: plaintext, dataCrc32c: wrong }))).message).toContain(
        "data_crc32c",
      );
      expect(
        (await refusal(client.macVerify({ name, data: plaintext, mac: plaintext, macCrc32c: wrong }))).message,
      ).toContain("mac_crc32c");
      expect((await refusal(client.macSign({ name, data: Buffer.alloc(65_537) }))).status).toBe("INVALID_ARGUMENT");
      expect(refusedForPurpose.status).toBe("FAILED_PRECONDITION");
      await client.updateCryptoKeyVersion(enabling(name, "DISABLED"));
      expect((await refusal(client.macSign({ name, data: plaintext }))).message).toContain(
        "current state is: DISABLED",
      );
    });
  });

  describe("signatures", () => {
    const signingKey = async (algorithm: "EC_SIGN_ED25519" | "EC_SIGN_P256_SHA256"): Promise<string> =>
      `${await makeKey(bench.client, ring, { purpose: "ASYMMETRIC_SIGN", versionTemplate: { algorithm } })}/cryptoKeyVersions/1`;

    test("with Ed25519 verify under the public key", async () => {
      const { client } = bench;
      const name = await signingKey("EC_SIGN_ED25519");
      const [signed] = await client.asymmetricSign({ name, data: plaintext, dataCrc32c: crcOf(plaintext) });
      const [published] = await client.getPublicKey({ name });
      const signature = Buffer.from(signed.signature ?? "");
      const publicKey = createPublicKey(published.pem ?? "");

      expect(published).toMatchObject({ name, algorithm: "EC_SIGN_ED25519", publicKeyFormat: "PEM" });
      expect(Number(published.pemCrc32c?.value)).toBe(crc32c(Buffer.from(published.pem ?? "")));
      expect(signed).toMatchObject({ name, verifiedDataCrc32c: true, verifiedDigestCrc32c: false });
      expect(Number(signed.signatureCrc32c?.value)).toBe(crc32c(signature));
      expect(verify(null, plaintext, publicKey, signature)).toBe(true);
      expect(verify(null, Buffer.from("other"), publicKey, signature)).toBe(false);
    });

    test("with P-256 verify, made over data as over its digest", async () => {
      const { client } = bench;
      const name = await signingKey("EC_SIGN_P256_SHA256");
      const [{ pem }] = await client.getPublicKey({ name, publicKeyFormat: "PEM" });
      const sha256 = createHash("sha256").update(plaintext).digest();
      const [overData] = await client.asymmetricSign({ name, data: plaintext });
      const [overDigest] = await client.asymmetricSign({ name, digest: { sha256 }, digestCrc32c: crcOf(sha256) });

      expect(overDigest.verifiedDigestCrc32c).toBe(true);
      for (const { signature } of [overData, overDigest]) {
        expect(verify("sha256", plaintext, pem ?? "", Buffer.from(signature ?? ""))).toBe(true);
        expect(verify("sha256", Buffer.from("other"), pem ?? "", Buffer.from(signature ?? ""))).toBe(false);
      }
    });

    test("are refused over corrupted data, ill-fitting digests, and by other keys and states", async () => {
      const { client } = bench;
      const name = await signingKey("EC_SIGN_ED25519");
      const symmetric = `${await makeKey(client, ring, {}, "symmetric")}/cryptoKeyVersions/1`;
      const status = async (call: Promise<unknown>): Promise<string> => (await refusal(call)).status;

      expect(await status(client.asymmetricSign({ name, data: plaintext, dataCrc32c: wrong }))).toBe(
        "INVALID_ARGUMENT",
      );
      expect(await status(client.asymmetricSign({ name, digest: { sha256: Buffer.alloc(32) } }))).toBe(
        "INVALID_ARGUMENT",
      );
      expect(await status(client.getPublicKey({ name: symmetric }))).toBe("FAILED_PRECONDITION");
      expect(
        await status(
          client.updateCryptoKeyPrimaryVersion({ name: name.replace(/\/[^/]+\/1$/, ""), cryptoKeyVersionId: "1" }),
        ),
      ).toBe("FAILED_PRECONDITION");
      await client.updateCryptoKeyVersion(enabling(name, "DISABLED"));
      expect(await status(client.asymmetricSign({ name, data: plaintext }))).toBe("FAILED_PRECONDITION");
      expect(await status(client.getPublicKey({ name }))).toBe("FAILED_PRECONDITION");
    });
  });

  test("random bytes are as many as asked for, with their checksum, and never the same", async () => {
    const { client } = bench;
    const ask = (lengthBytes: number) => client.generateRandomBytes({ location, lengthBytes, protectionLevel: "HSM" });
    const [one] = await ask(32);
    const [two] = await ask(32);

    expect(one.data).toHaveLength(32);
    expect(one.data).not.toEqual(two.data);
    expect(Number(one.dataCrc32c?.value)).toBe(crc32c(Buffer.from(one.data ?? "")));
    expect((await refusal(ask(7))).status).toBe("INVALID_ARGUMENT");
    expect((await refusal(ask(1025))).status).toBe("INVALID_ARGUMENT");
  });

  // What the contract tests of Google's own fake ask of it and of the real service, where the tests above do not.
  describe("Google's contract", () => {
    const status = async (call: Promise<unknown>): Promise<string> => (await refusal(call)).status;
    const absent = () => `${location}/keyRings/none/cryptoKeys/none/cryptoKeyVersions/1`;

    test("lists rings and keys in the order of their names, whatever the order they were made in", async () => {
      const { client } = bench;
      for (const id of ["key-c", "key-a", "key-b"]) await makeKey(client, ring, {}, id);
      for (const keyRingId of ["z", "a"]) await client.createKeyRing({ parent: location, keyRingId });
      const [keys] = await client.listCryptoKeys({ parent: ring });
      const [rings] = await client.listKeyRings({ parent: location });

      expect(keys.map(({ name }) => name?.split("/").at(-1))).toEqual(["key-a", "key-b", "key-c"]);
      expect(rings.map(({ name }) => name?.split("/").at(-1))).toEqual(["a", "ring", "z"]);
    });

    test("tells what a new key and its first version are like", async () => {
      const [key] = await bench.client.getCryptoKey({ name: await makeKey(bench.client, ring) });

      expect(key.primary).toMatchObject({
        state: "ENABLED",
        algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
        protectionLevel: "SOFTWARE",
        destroyTime: null,
      });
      expect(Number(key.primary?.generateTime?.seconds)).toBeGreaterThanOrEqual(Number(key.createTime?.seconds));
    });

    test("answers NOT_FOUND for what is not there, whatever is asked of it", async () => {
      const { client } = bench;
      const name = absent();
      const key = name.replace("/cryptoKeyVersions/1", "");

      expect(
        await Promise.all([
          status(client.createCryptoKey({ parent: `${location}/keyRings/none`, cryptoKeyId: "a", cryptoKey: {} })),
          status(client.listCryptoKeys({ parent: `${location}/keyRings/none` })),
          status(client.listCryptoKeyVersions({ parent: key })),
          status(client.createCryptoKeyVersion({ parent: key })),
          status(client.updateCryptoKeyPrimaryVersion({ name: key, cryptoKeyVersionId: "1" })),
          status(client.updateCryptoKeyVersion(enabling(name, "DISABLED"))),
          status(client.destroyCryptoKeyVersion({ name })),
          status(client.restoreCryptoKeyVersion({ name })),
          status(client.decrypt({ name: key, ciphertext: plaintext })),
          status(client.getPublicKey({ name })),
          status(client.asymmetricSign({ name, data: plaintext })),
          status(client.macSign({ name, data: plaintext })),
          status(client.macVerify({ name, data: plaintext, mac: plaintext })),
        ]),
      ).toEqual(Array(13).fill("NOT_FOUND"));
    });

    test("refuses names and parents of another kind", async () => {
      const { client } = bench;
      const version = `${await makeKey(client, ring)}/cryptoKeyVersions/1`;
      // Names that are no paths at all are refused by the client's REST transport itself.
      const refused = await Promise.all([
        status(client.createCryptoKey({ parent: ring, cryptoKeyId: "&bar", cryptoKey: {} })),
        status(client.createKeyRing({ parent: location, keyRingId: "a".repeat(64) })),
        status(client.asymmetricSign({ name: version.replace("/1", "/first"), data: plaintext })),
        status(client.macSign({ name: version.replace("/1", "/0"), data: plaintext })),
        status(client.getPublicKey({ name: version.replace("/1", "/-1") })),
      ]);

      expect(refused).toEqual(Array(5).fill("INVALID_ARGUMENT"));
    });

    test("wants the algorithm of keys that sign, and of codes, to be said", async () => {
      const { client } = bench;

      expect(await status(makeKey(client, ring, { purpose: "ASYMMETRIC_SIGN" }, "a"))).toBe("INVALID_ARGUMENT");
      expect(await status(makeKey(client, ring, { purpose: "MAC" }, "b"))).toBe("INVALID_ARGUMENT");
    });

    test("signs data or a digest, not both, and no digest of another kind or length", async () => {
      const { client } = bench;
      const template = { versionTemplate: { algorithm: "EC_SIGN_P256_SHA256" as const } };
      const name = `${await makeKey(client, ring, { purpose: "ASYMMETRIC_SIGN", ...template })}/cryptoKeyVersions/1`;
      const sha256 = createHash("sha256").update(plaintext).digest();
      const sha384 = createHash("sha384").update(plaintext).digest();

      expect(await status(client.asymmetricSign({ name, digest: { sha256 } }))).toBe("OK");
      for (const request of [
        { digest: { sha256 }, data: plaintext },
        { digest: { sha384 } },
        { digest: { sha256: sha384 } },
        { digest: { sha256 }, digestCrc32c: wrong },
      ])
        expect(await status(client.asymmetricSign({ name, ...request }))).toBe("INVALID_ARGUMENT");
    });

    test("keeps a version that will be destroyed from encrypting, signing and authenticating", async () => {
      const { client } = bench;
      const made = await Promise.all([
        makeKey(client, ring, {}, "symmetric"),
        makeKey(client, ring, { purpose: "MAC", versionTemplate: { algorithm: "HMAC_SHA256" } }, "mac"),
        makeKey(
          client,
          ring,
          { purpose: "ASYMMETRIC_SIGN", versionTemplate: { algorithm: "EC_SIGN_ED25519" } },
          "sign",
        ),
      ]);
      const [symmetric = "", mac = "", sign = ""] = made.map((key) => `${key}/cryptoKeyVersions/1`);
      for (const name of [symmetric, mac, sign]) await client.destroyCryptoKeyVersion({ name });

      expect(
        await Promise.all([
          status(client.encrypt({ name: symmetric, plaintext })),
          status(client.encrypt({ name: symmetric.replace("/cryptoKeyVersions/1", ""), plaintext })),
          status(client.macSign({ name: mac, data: plaintext })),
          status(client.macVerify({ name: mac, data: plaintext, mac: plaintext })),
          status(client.asymmetricSign({ name: sign, data: plaintext })),
          status(client.getPublicKey({ name: sign })),
        ]),
      ).toEqual(Array(6).fill("FAILED_PRECONDITION"));
    });

    test("destroys a disabled version as it does an enabled one, and restores nothing that is not scheduled", async () => {
      const { client } = bench;
      const name = `${await makeKey(client, ring)}/cryptoKeyVersions/1`;
      const early = await status(client.restoreCryptoKeyVersion({ name }));
      await client.updateCryptoKeyVersion(enabling(name, "DISABLED"));
      const [scheduled] = await client.destroyCryptoKeyVersion({ name });
      const days = (Number(scheduled.destroyTime?.seconds) * 1000 - bench.kms.control.now()) / DAY_MS;

      expect([early, scheduled.state]).toEqual(["FAILED_PRECONDITION", "DESTROY_SCHEDULED"]);
      expect(days).toBeGreaterThan(29.9);
      expect(days).toBeLessThanOrEqual(30);
    });

    test("never gives a version's number twice, and lets none but an enabled one be primary", async () => {
      const { client, kms } = bench;
      const name = await makeKey(client, ring, { destroyScheduledDuration: { seconds: 24 * 3600 } });
      const [second] = await client.createCryptoKeyVersion({ parent: name, cryptoKeyVersion: {} });
      await client.destroyCryptoKeyVersion({ name: second.name ?? "" });
      kms.control.advanceClock(2 * DAY_MS);
      const [third] = await client.createCryptoKeyVersion({ parent: name });

      expect(third.name).toBe(`${name}/cryptoKeyVersions/3`);
      expect(await status(client.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: "2" }))).toBe(
        "FAILED_PRECONDITION",
      );
      expect(await status(client.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: "9" }))).toBe("NOT_FOUND");
    });

    test("draws random bytes from an HSM alone", async () => {
      const draw = (protectionLevel: "SOFTWARE" | "EXTERNAL") =>
        status(bench.client.generateRandomBytes({ location, lengthBytes: 32, protectionLevel }));

      expect([await draw("SOFTWARE"), await draw("EXTERNAL")]).toEqual(["UNIMPLEMENTED", "UNIMPLEMENTED"]);
    });

    test("gives pages only for tokens that it gave", async () => {
      const { client } = bench;
      const page = (request: { pageSize?: number; pageToken?: string }) =>
        status(client.listCryptoKeys({ parent: ring, ...request }, { autoPaginate: false }));

      expect([await page({ pageToken: "!" }), await page({ pageToken: "7" }), await page({ pageSize: -1 })]).toEqual(
        Array(3).fill("INVALID_ARGUMENT"),
      );
    });
  });

  describe("when it is made to fail", () => {
    let name: string;
    const encrypt = () => bench.client.encrypt({ name, plaintext }, ONCE);
    const status = async (): Promise<string> => (await refusal(encrypt())).status;
    beforeEach(async () => {
      name = await makeKey(bench.client, ring);
    });
    afterEach(() => {
      bench.kms.control.clearFaults();
      bench.kms.control.setQuota({});
      bench.kms.control.setOutage(false);
    });

    test("every status arrives as itself", async () => {
      const codes = ["ABORTED", "INTERNAL", "PERMISSION_DENIED", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"] as const;
      const seen: unknown[] = [];
      for (const code of codes) {
        bench.kms.control.addFault({ method: "Encrypt", code, times: 1 });
        seen.push(
          await encrypt().then(
            () => 0,
            (error: unknown) => (error as { code: number }).code,
          ),
        );
      }

      expect(seen).toEqual([10, 13, 7, 4, 8]);
      expect(await status()).toBe("OK");
    });

    test("an outage is UNAVAILABLE, and over when it is over", async () => {
      bench.kms.control.setOutage(true);
      const during = await status();
      bench.kms.control.setOutage(false);

      expect([during, await status()]).toEqual(["UNAVAILABLE", "OK"]);
    });

    test("a quota that is used up is RESOURCE_EXHAUSTED, for cryptography alone", async () => {
      bench.kms.control.setQuota({ perMinute: 1 });
      const seen = [await status(), await status()];

      expect(seen).toEqual(["OK", "RESOURCE_EXHAUSTED"]);
      expect((await refusal(bench.client.getCryptoKey({ name }, ONCE))).status).toBe("OK");
    });

    test("an answer that was damaged on its way no longer fits its checksum", async () => {
      bench.kms.control.addFault({ method: "Encrypt", corrupt: true, times: 1 });
      const [{ ciphertext, ciphertextCrc32c }] = await encrypt();

      expect(crc32c(Buffer.from(ciphertext ?? ""))).not.toBe(Number(ciphertextCrc32c?.value));
    });

    test("a caller that waits no longer than its deadline is told so", async () => {
      bench.kms.control.setLatency(300);
      const late = await refusal(bench.client.encrypt({ name, plaintext }, { ...ONCE, timeout: 50 }));
      bench.kms.control.setLatency(0);

      expect(late.status).toBe("DEADLINE_EXCEEDED");
    });
  });
});
