import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { deviceStoreContract } from "./device-store.contract.js";
import { firestoreDeviceStore } from "./device-store.firestore.js";

const { firestore, close } = emulatedFirestore("identity");
afterAll(close);

deviceStoreContract("firestore", () => firestoreDeviceStore(() => firestore));
