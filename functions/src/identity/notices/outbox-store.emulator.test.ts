import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { outboxStoreContract } from "./outbox-store.contract.js";
import { firestoreOutboxStore } from "./outbox-store.firestore.js";

const { firestore, close } = emulatedFirestore("notices");
afterAll(close);

outboxStoreContract("firestore", () => firestoreOutboxStore(() => firestore));
