import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { challengeStoreContract } from "./challenge-store.contract.js";
import { firestoreChallengeStore } from "./challenge-store.firestore.js";

const { firestore, close } = emulatedFirestore("identity");
afterAll(close);

challengeStoreContract("firestore", () => firestoreChallengeStore(() => firestore));
