import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { blockStoreContract } from "./block-store.contract.js";
import { firestoreBlockStore } from "./block-store.firestore.js";

const { firestore, close } = emulatedFirestore("identity");
afterAll(close);

blockStoreContract("firestore", () => firestoreBlockStore(() => firestore));
