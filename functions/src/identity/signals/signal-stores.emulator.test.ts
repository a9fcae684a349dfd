import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { firestoreReceiverStore } from "./receiver-store.firestore.js";
import { firestoreSignalStore } from "./signal-store.firestore.js";
import { receiverStoreContract, signalStoreContract } from "./signal-stores.contract.js";

const { firestore, close } = emulatedFirestore("signals");
afterAll(close);

signalStoreContract("firestore", () => firestoreSignalStore(() => firestore));
receiverStoreContract("firestore", () => firestoreReceiverStore(() => firestore));
