import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { localKmsClient } from "../../../dev/kms/client.js";
import { startLocalKms, type LocalKms } from "../../../dev/kms/index.js";
import { config } from "../config.js";
import { testDomain } from "../encryption/encryption.fixture.js";
import { memoryDataKeyStore, type DataKeyStore } from "../encryption/keys/data-key-store.js";
import type { KeyClass } from "../encryption/keys/key-class.js";
import type { SubjectKeys } from "../encryption/keys/subject-keys.js";
import { rewrapSweep } from "../encryption/rotation/rewrap-keys.js";
import { newJob } from "../encryption/rotation/job.js";
import { openDocument } from "../encryption/tokens/open-document.js";
import { sealDocument } from "../encryption/tokens/seal-document.js";
import { DAY, SECOND } from "../kernel/time.js";
import { cloudKms } from "../platform/kms-client.js";

// Crypto-shredding as it happens: the deployed encryption domain, the official client, the local KMS and its clock.
const PROJECT = "demo-shredding";
const LOCATION = "europe-west1";
const environment = { ...process.env };
let server: LocalKms;
let client: ReturnType<typeof localKmsClient>;

beforeAll(async () => {
  server = await startLocalKms();
  server.seed({ project: PROJECT, location: LOCATION });
  client = localKmsClient(server);
  Object.assign(process.env, { GCLOUD_PROJECT: PROJECT, FIREKEEP_KMS_LOCATION: LOCATION });
});
afterAll(async () => {
  process.env = environment;
  await client.close();
  await server.stop();
});

/** An instance that has just started, on this database of keys. */
const instance = (store: DataKeyStore) => testDomain({ kms: cloudKms(config.kms, () => client), store });
type Instance = ReturnType<typeof instance>;

const write = (domain: Instance, uid: string) =>
  sealDocument(domain, {
    collection: "people",
    path: `people/${uid}`,
    subject: uid,
    values: { secret: `secret of ${uid}`, bio: `life of ${uid}` },
  });

const read = async (domain: Instance, uid: string, data: Record<string, unknown>): Promise<unknown> => {
  const opened = await openDocument(domain, { collection: "people", path: `people/${uid}`, data }).catch(codeOf);
  return typeof opened === "string" ? opened : opened["secret"];
};

/** The database of keys as a backup holds it, in a database of its own. */
const restored = async (backup: ReadonlyMap<string, SubjectKeys | undefined>): Promise<DataKeyStore> => {
  const store = memoryDataKeyStore();
  for (const [subject, keys] of backup)
    for (const keyClass of CLASSES)
      for (const [version, key] of Object.entries(keys?.[keyClass] ?? {}))
        await store.addVersion(subject, Number(version), { [keyClass]: key });
  return store;
};

const keyName = (keyClass: KeyClass) =>
  client.cryptoKeyPath(PROJECT, LOCATION, `firekeep-${keyClass.toLowerCase()}`, "fields");
const versionName = (keyClass: KeyClass, version: number) =>
  `${keyName(keyClass)}/cryptoKeyVersions/${String(version)}`;
const CLASSES: readonly KeyClass[] = ["RED", "AMBER"];

/** The end of an epoch of the key-encryption keys: a new version encrypts, and who is left is wrapped by it. */
const nextEpoch = async (domain: Instance, version: number): Promise<void> => {
  for (const keyClass of CLASSES) {
    await client.createCryptoKeyVersion({ parent: keyName(keyClass) });
    await client.updateCryptoKeyPrimaryVersion({ name: keyName(keyClass), cryptoKeyVersionId: String(version) });
  }
  const targets = { RED: version, AMBER: version };
  const job = newJob("rewrap", { targets, settledAt: 0, total: 0, now: 0 });
  const sweep = rewrapSweep(domain);
  for (const part of await sweep.parts(job)) for (const item of (await part.page("", 100)).items) await item.work();
};

test("a forgotten backup of the wrapped keys opens an erased person's data until the KMS version that wraps them is destroyed, and then never again", async () => {
  const live = memoryDataKeyStore();
  const domain = instance(live);
  const [ann, ben] = [await write(domain, "ann"), await write(domain, "ben")];
  const backup = new Map([["ann", await live.find("ann")] as const, ["ben", await live.find("ben")] as const]);

  expect(await domain.dataKeys.destroy("ann")).toBe(2);
  expect(await read(instance(live), "ann", ann)).toBe("encryption/key-missing");
  // The first line is that backups end after `keysBackupMs`; this one did not.
  const copy = await restored(backup);
  expect(await read(instance(copy), "ann", ann)).toBe("secret of ann");

  await nextEpoch(domain, 2);
  expect(await read(instance(copy), "ann", ann)).toBe("secret of ann");
  for (const keyClass of CLASSES) await client.destroyCryptoKeyVersion({ name: versionName(keyClass, 1) });
  expect(await read(instance(copy), "ann", ann)).toBe("encryption/kms-refused");

  // For as long as the destruction is only scheduled, an operator can take it back: the horizon counts these days.
  server.control.advanceClock(30 * DAY - 60 * SECOND);
  for (const keyClass of CLASSES) {
    const name = versionName(keyClass, 1);
    await client.restoreCryptoKeyVersion({ name });
    await client.updateCryptoKeyVersion({
      cryptoKeyVersion: { name, state: "ENABLED" },
      updateMask: { paths: ["state"] },
    });
  }
  expect(await read(instance(copy), "ann", ann)).toBe("secret of ann");

  for (const keyClass of CLASSES) await client.destroyCryptoKeyVersion({ name: versionName(keyClass, 1) });
  server.control.advanceClock(30 * DAY + 60 * SECOND);
  await expect(client.restoreCryptoKeyVersion({ name: versionName("RED", 1) })).rejects.toMatchObject({ code: 9 });
  expect(await read(instance(copy), "ann", ann)).toBe("encryption/kms-refused");
  expect(await read(instance(live), "ann", ann)).toBe("encryption/key-missing");
  expect(await read(instance(live), "ben", ben)).toBe("secret of ben");
});

test("an instance that holds an erased person's keys in memory reads on for cacheMs at most", async () => {
  const store = memoryDataKeyStore();
  const [here, there] = [instance(store), instance(store)];
  const data = await write(here, "cleo");
  expect(await read(there, "cleo", data)).toBe("secret of cleo");
  await here.dataKeys.destroy("cleo");
  expect(await read(here, "cleo", data)).toBe("encryption/key-missing");
  expect(await read(there, "cleo", data)).toBe("secret of cleo");
  there.time.now += config.keys.cacheMs;
  expect(await read(there, "cleo", data)).toBe("encryption/key-missing");
});

test("a write that races with the erasure brings no key back, whenever it comes", async () => {
  const store = memoryDataKeyStore();
  for (let round = 0; round < 20; round += 1) {
    const uid = `racer-${String(round)}`;
    const first = await write(instance(store), uid);
    const eraser = instance(store);
    // Instances that know nothing yet: each looks the keys up, and would make new ones.
    const writers = Array.from({ length: 5 }, () => write(instance(store), uid).then(() => "written", codeOf));
    const outcomes = await Promise.all([...writers, eraser.dataKeys.destroy(uid).then(() => "destroyed")]);

    expect(new Set(outcomes)).toEqual(new Set([...outcomes].filter((outcome) => ALLOWED.includes(outcome))));
    expect(await store.find(uid)).toBeUndefined();
    expect(await read(instance(store), uid, first)).toBe("encryption/key-missing");
  }
});

test("nor does one that had its new key wrapped before the erasure and stores it after", async () => {
  const store = memoryDataKeyStore();
  let goOn = (): void => undefined;
  const erased = new Promise<void>((resolve) => (goOn = resolve));
  const slow: DataKeyStore = {
    ...store,
    addVersion: async (...request) => {
      await erased;
      return store.addVersion(...request);
    },
  };
  const writing = write(instance(slow), "dora").catch(codeOf);
  await instance(store).dataKeys.destroy("dora");
  goOn();

  expect(await writing).toBe("encryption/key-missing");
  expect(await store.find("dora")).toBeUndefined();
});

test("a person who was never known, and one whose time is long over, can have keys", async () => {
  const store = memoryDataKeyStore();
  const domain = instance(store);
  await domain.dataKeys.destroy("eve");
  expect(await write(domain, "eve").catch(codeOf)).toBe("encryption/key-missing");
  domain.time.now += config.keys.goneMs;
  expect(await read(domain, "eve", await write(domain, "eve"))).toBe("secret of eve");
  expect(await read(domain, "frank", await write(domain, "frank"))).toBe("secret of frank");
});

const ALLOWED = ["written", "destroyed", "encryption/key-missing"];

const codeOf = (error: unknown): string => (error as { code: string }).code;
