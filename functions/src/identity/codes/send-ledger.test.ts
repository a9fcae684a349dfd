import { LIMITS, sendLedgerContract } from "./send-ledger.contract.js";
import { memorySendLedger } from "./send-ledger.js";

const ledger = memorySendLedger(LIMITS);
sendLedgerContract("memory", () => ledger);
