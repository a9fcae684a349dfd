import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { sessionStoreContract } from "./session-store.contract.js";
import { firestoreSessionStore } from "./session-store.firestore.js";

const { firestore, close } = emulatedFirestore("identity");
afterAll(close);

sessionStoreContract("firestore", () => firestoreSessionStore(() => firestore));
