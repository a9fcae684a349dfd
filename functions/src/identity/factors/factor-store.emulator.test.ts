import { afterAll } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { factorStoreContract } from "./factor-store.contract.js";
import { firestoreFactorStore } from "./factor-store.firestore.js";
import { ACCOUNTS, newAccount, type Account } from "../sessions/session-store.js";

const { firestore, close } = emulatedFirestore("identity");
afterAll(close);

factorStoreContract("firestore", () => ({
  factors: firestoreFactorStore(() => firestore),
  newAccount: async () => {
    const uid = randomId(systemRandom);
    await firestore.collection(ACCOUNTS).doc(uid).create(newAccount(0));
    return uid;
  },
  account: async (uid) => (await firestore.collection(ACCOUNTS).doc(uid).get()).data() as Account | undefined,
}));
