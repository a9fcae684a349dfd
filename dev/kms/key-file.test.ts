import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { localKmsClient } from "./client.ts";
import { startLocalKms } from "./index.ts";
import { seedKeys } from "./seed.ts";
import { freshPlace, makeKey, refusal, startBench } from "./testkit.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const plaintext = Buffer.from("kept");

describe("keys on disk", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "local-kms-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const file = (): string => readFileSync(join(dir, "keys.json"), "utf8");

  test("survive a restart with versions, primary and labels", async () => {
    const first = await startBench(localKmsClient, { dir });
    const { ring } = await freshPlace(first);
    const name = await makeKey(first.client, ring, { labels: { class: "red" } });
    const [sealed] = await first.client.encrypt({ name, plaintext });
    await first.client.createCryptoKeyVersion({ parent: name });
    const [before] = await first.client.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: "2" });
    await first.stop();
    const second = await startBench(localKmsClient, { dir });
    const [after] = await second.client.getCryptoKey({ name });
    const [opened] = await second.client.decrypt({ name, ciphertext: sealed.ciphertext ?? "" });
    await second.stop();

    expect(after).toEqual(before);
    expect(Buffer.from(opened.plaintext ?? "")).toEqual(plaintext);
    expect(opened.usedPrimary).toBe(false);
  });

  test("are readable by their owner only, and leave no temporary file behind", async () => {
    const { client, stop } = await startBench(localKmsClient, { dir });
    await makeKey(client, (await freshPlace({ client })).ring);
    await stop();

    expect(readdirSync(dir)).toEqual(["keys.json"]);
    expect(statSync(join(dir, "keys.json")).mode & 0o777).toBe(0o600);
  });

  test("lose a destroyed version's material for good", async () => {
    const { client, kms, stop } = await startBench(localKmsClient, { dir });
    const name = await makeKey(client, (await freshPlace({ client })).ring);
    const { keys } = JSON.parse(file()) as { keys: { versions: { material: string }[] }[] };
    const material = keys[0]?.versions[0]?.material ?? "none";
    await client.destroyCryptoKeyVersion({ name: `${name}/cryptoKeyVersions/1` });
    const scheduled = file();
    kms.control.advanceClock(30 * DAY_MS);
    const destroyed = file();
    await stop();

    expect(Buffer.from(material, "base64")).toHaveLength(32);
    expect(scheduled).toContain(material);
    expect(destroyed).not.toContain(material);
  });

  test("are not there without a directory", async () => {
    const first = await startBench(localKmsClient);
    const { ring } = await freshPlace(first);
    await first.stop();
    const second = await startBench(localKmsClient);
    const answer = await refusal(second.client.getKeyRing({ name: ring }));
    await second.stop();

    expect(answer.status).toBe("NOT_FOUND");
  });

  test("are not overwritten when another process has changed them", async () => {
    const told: unknown[] = [];
    const { client, stop } = await startBench(localKmsClient, { dir, onError: (error) => told.push(error) });
    const { ring } = await freshPlace({ client });
    utimesSync(join(dir, "keys.json"), 1, 1);
    const answer = await refusal(makeKey(client, ring));
    await stop();

    expect(answer).toEqual({ status: "INTERNAL", message: "Internal error encountered." });
    expect(told.map(String)).toEqual([expect.stringContaining("Another process has changed")]);
  });

  test.each(["", "{", '{"format":99,"rings":[],"keys":[]}'])("that are not ours (%j) stop the start", async (text) => {
    writeFileSync(join(dir, "keys.json"), text);

    await expect(startLocalKms({ dir })).rejects.toThrow(/keys\.json/);
    expect(file()).toBe(text);
  });

  test("seeding makes the standard keys once, in-process as through the client", async () => {
    const target = { project: "demo-firekeep", location: "europe-west1" };
    const parent = "projects/demo-firekeep/locations/europe-west1";
    const { client, kms, stop } = await startBench(localKmsClient, { dir });
    kms.seed(target);
    const seeded = file();
    kms.seed(target);
    await seedKeys(client, target);
    const again = file();
    const [rings] = await client.listKeyRings({ parent });
    const [signing] = await client.getCryptoKey({ name: `${parent}/keyRings/firekeep-audit/cryptoKeys/signing` });
    const [roots] = await client.getCryptoKey({ name: `${parent}/keyRings/firekeep-index/cryptoKeys/roots` });
    await stop();

    expect(again).toBe(seeded);
    expect(rings.map(({ name }) => name?.split("/").at(-1))).toEqual([
      "firekeep-amber",
      "firekeep-audit",
      "firekeep-index",
      "firekeep-red",
      "firekeep-vault",
    ]);
    expect(signing.versionTemplate?.algorithm).toBe("EC_SIGN_ED25519");
    expect(roots.primary?.state).toBe("ENABLED");
  });
});
