import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { contactStoreContract } from "./contact-store.contract.js";
import { firestoreContactStore } from "./contact-store.firestore.js";

const { firestore, close } = emulatedFirestore("contacts");
afterAll(close);

contactStoreContract("firestore", () => firestoreContactStore(() => firestore));
