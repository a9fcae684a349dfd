import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "./emulator.fixture.js";
import { nonceStoreContract } from "./nonce-store.contract.js";
import { firestoreNonceStore } from "./nonce-store.firestore.js";

const { firestore, close } = emulatedFirestore("nonces");
afterAll(close);

nonceStoreContract("firestore", () => firestoreNonceStore(() => firestore));
