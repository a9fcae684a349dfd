import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { recoveryStoreContract } from "./recovery-store.contract.js";
import { firestoreRecoveryStore } from "./recovery-store.firestore.js";

const { firestore, close } = emulatedFirestore("recovery");
afterAll(close);

recoveryStoreContract("firestore", () => firestoreRecoveryStore(() => firestore));
