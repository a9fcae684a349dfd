import { afterAll, expect, test } from "@jest/globals";
import { FieldValue } from "firebase-admin/firestore";
import { config } from "../../config.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { cancelRequest } from "./decide-request.js";
import type { VaultDeps } from "./deps.js";
import { openVault } from "./open-vault.js";
import { vaultStoreContract } from "./vault-store.contract.js";
import { firestoreVaultStore } from "./vault-store.firestore.js";
import { codeOf, OLGA, vaultWorld } from "./vault.fixture.js";

// A project for each run: pages of the newest must find this run's only.
const { firestore, close } = emulatedFirestore(`vault-${String(Date.now())}`);
afterAll(close);
const store = firestoreVaultStore(() => firestore);
const gone = () => FieldValue.delete();

vaultStoreContract("firestore", () => store);

test("100 openings of one approval at the same moment: one shows the values, with one record", async () => {
  const { deps, approved, names } = await vaultWorld(store);
  const id = await approved();
  const openings = await Promise.allSettled(Array.from({ length: 100 }, () => openVault(deps, OLGA, id)));
  expect(openings.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const codes = openings.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code: string }).code] : [],
  );
  expect([...new Set(codes)]).toEqual(["encryption/vault-unknown"]);
  expect((await store.find(id))?.state).toBe("opened");
  expect(new Set(names())).toEqual(new Set(["requested", "approved", "opened"]));
}, 60_000);

test("a person erased between the look and the opening is shown to nobody, and stays erased", async () => {
  const { deps, approved, names } = await vaultWorld(store);
  const id = await approved();
  const reference = firestore.collection("vaultRequests").doc(id);
  const erasing: VaultDeps["documents"] = {
    read: async (path) => {
      await reference.update({ uid: gone(), path: gone(), reason: gone() });
      return deps.documents.read(path);
    },
  };
  expect(await codeOf(openVault({ ...deps, documents: erasing }, OLGA, id))).toBe("encryption/vault-unknown");
  expect(names()).toEqual(["requested", "approved"]);
  const row = (await reference.get()).data();
  expect(row).toMatchObject({ state: "approved", requestedBy: "olga", decidedBy: "omar", purpose: "legal-claim" });
  expect(row).not.toHaveProperty("uid");
  expect(row).not.toHaveProperty("path");
  expect(await codeOf(cancelRequest(deps, OLGA, id))).toBe("encryption/vault-unknown");
});

test("is deleted by TTL long after the silence could have ended", async () => {
  const { deps, ask } = await vaultWorld(store);
  const { id } = await ask({ silent: "investigation" });
  const row = (await firestore.collection("vaultRequests").doc(id).get()).data();
  expect(row?.["expireAt"]).toMatchObject({ seconds: (deps.clock() + config.vault.keepMs) / 1_000 });
  expect(row?.["hiddenUntil"]).toBeLessThan(deps.clock() + config.vault.keepMs);
});
