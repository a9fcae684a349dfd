import { afterAll } from "@jest/globals";
import { emulatedFirestore } from "../../platform/emulator.fixture.js";
import { LIMITS, sendLedgerContract } from "./send-ledger.contract.js";
import { firestoreSendLedger } from "./send-ledger.firestore.js";

const { firestore, close } = emulatedFirestore("codes");
afterAll(close);

sendLedgerContract("firestore", () => firestoreSendLedger(() => firestore, LIMITS));
