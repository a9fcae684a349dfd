import { afterAll } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { attemptStoreContract } from "./attempt-store.contract.js";
import { firestoreAttemptStore } from "./attempt-store.firestore.js";

const { firestore, close } = emulatedFirestore("attempts");
afterAll(close);
const store = firestoreAttemptStore(() => firestore);
attemptStoreContract(() => store, randomUUID);
