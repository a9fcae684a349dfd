import { afterAll, describe, expect, test } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { dataKeyStoreContract } from "./data-key-store.contract.js";
import { firestoreDataKeyStore } from "./data-key-store.firestore.js";
import { epochStoreContract } from "./epoch-store.contract.js";
import { firestoreEpochStore } from "./epoch-store.firestore.js";
import { testDomain } from "../encryption.fixture.js";
import { firestoreIndexRootStore } from "../indexes/index-root-store.firestore.js";
import { openSecretToken, sealSecretToken } from "../tokens/seal-secret.js";

const { firestore, close } = emulatedFirestore("encryption-keys", "keys");
afterAll(close);

const store = firestoreDataKeyStore(() => firestore);
const epochs = firestoreEpochStore(() => firestore);
const roots = firestoreIndexRootStore(() => firestore);
let count = 0;
const fresh = (): string => `u${String(Date.now())}-${String((count += 1))}`;

dataKeyStoreContract("Firestore", () => ({ store, fresh }));

describe("in an empty project", () => {
  const empty = emulatedFirestore(`encryption-epoch-${String(Date.now())}`, "keys");
  afterAll(empty.close);
  epochStoreContract(
    "Firestore",
    firestoreEpochStore(() => empty.firestore),
  );
});

test("five instances that need a subject's first key at once agree on one", async () => {
  const subject = fresh();
  const first = testDomain({ store, epochs, roots });
  const instances = [first, ...Array.from({ length: 4 }, () => testDomain({ ...first.ground }))];
  const secret = Buffer.from("secret");
  const tokens = await Promise.all(
    instances.map((instance) => sealSecretToken(instance, { label: "test", subject, secret })),
  );
  const reader = testDomain({ ...first.ground });
  for (const token of tokens) expect(await openSecretToken(reader, { label: "test", subject, token })).toEqual(secret);
});

test("of two index roots that are made at once, both makers keep the stored one", async () => {
  const name = fresh();
  const made = await Promise.all(
    ["one", "two", "three"].map((text) => roots.addFirst(name, { wrapped: Buffer.from(text), createdAt: 1, kek: 1 })),
  );
  const stored = Buffer.from((await roots.find(name))?.wrapped ?? []).toString();
  expect(made.map(({ wrapped }) => Buffer.from(wrapped).toString())).toEqual([stored, stored, stored]);
});
