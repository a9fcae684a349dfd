import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { kmsError } from "../../platform/kms-errors.js";
import type { Kms } from "../../platform/kms-port.js";
import type { DataKeyStore } from "../keys/data-key-store.js";
import { fakeKms, testDomain } from "../encryption.fixture.js";
import { openDocument, openWithKeys } from "../tokens/open-document.js";
import { sealDocument } from "../tokens/seal-document.js";
import { ANN, codeOf } from "./vault.fixture.js";

const VALUES = { scan: "P 1234567", secret: "in confidence", bio: "likes engines" };
const PLACE = { collection: "people", path: `people/${ANN}` };

/** A domain that tells which rings it asks. Those in `refused` refuse it, as they do a service account without a grant. */
const watched = (refused: readonly string[] = [], { kms, store }: { kms: Kms; store?: DataKeyStore } = fakeKms()) => {
  const asked: string[] = [];
  const look = (ring: string): void => {
    asked.push(ring);
    if (refused.includes(ring)) throw kmsError("kms-refused");
  };
  const watching: Kms = {
    ...kms,
    encrypt: async (request) => (look(request.ring), kms.encrypt(request)),
    decrypt: async (request) => (look(request.ring), kms.decrypt(request)),
  };
  return { ...testDomain({ kms: watching, ...(store !== undefined && { store }) }), asked, bare: kms };
};

const sealed = async () => {
  const domain = watched();
  const data = await sealDocument(domain, { ...PLACE, subject: ANN, values: VALUES });
  return { ...domain, data, request: { ...PLACE, data } };
};

describe("a field under the hardware key", () => {
  test("is wrapped by the vault's key and by no other", async () => {
    const { asked } = await sealed();
    expect(asked.sort()).toEqual(["amber", "red", "vault"]);
    const domain = watched(["vault"]);
    const request = { ...PLACE, subject: ANN };
    expect(await codeOf(sealDocument(domain, { ...request, values: { scan: "x" } }))).toBe("encryption/kms-refused");
    expect(await codeOf(sealDocument(domain, { ...request, values: { secret: "x" } }))).toBe("went through");
  });

  test("is left out, and its key not asked for, wherever it is not named", async () => {
    const { data, bare, store } = await sealed();
    // As fn-privacy and every other account but fn-encryption stand to it.
    const domain = watched(["vault"], { kms: bare, store });
    const { secret, bio } = VALUES;
    const rest = { secret, bio };
    expect(await openDocument(domain, { ...PLACE, data })).toEqual(rest);
    const keys = await domain.dataKeys.warm(
      (["RED", "AMBER"] as const).map((keyClass) => ({ subject: ANN, class: keyClass, version: 1 })),
      { create: false },
    );
    expect(openWithKeys(domain, keys, { ...PLACE, data })).toEqual(rest);
    expect(domain.asked).not.toContain("vault");
    expect(await codeOf(openDocument(domain, { ...PLACE, data, only: ["scan"] }))).toBe("encryption/kms-refused");
  });

  test("keeps its key in memory for vaultCacheMs, and then never without KMS", async () => {
    const { asked, time, request, ...domain } = await sealed();
    const open = () => openDocument(domain, { ...request, only: ["scan"] });
    asked.length = 0;
    await open();
    expect(asked).toEqual([]);
    time.now += config.keys.vaultCacheMs;
    await open();
    expect(asked).toEqual(["vault"]);
    expect(config.keys.vaultCacheMs).toBeLessThanOrEqual(30_000);
  });

  test("is not read from memory while KMS is down", async () => {
    const domain = testDomain();
    const data = await sealDocument(domain, { ...PLACE, subject: ANN, values: VALUES });
    domain.time.now += config.keys.vaultCacheMs;
    domain.kmsState.fail = "kms-unavailable";
    expect(await codeOf(openDocument(domain, { ...PLACE, data, only: ["scan"] }))).toBe("encryption/kms-unavailable");
    expect(await openDocument(domain, { ...PLACE, data, only: ["bio"] })).toEqual({ bio: VALUES.bio });
  });
});
