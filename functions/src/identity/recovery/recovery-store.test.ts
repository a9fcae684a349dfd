import { recoveryStoreContract } from "./recovery-store.contract.js";
import { memoryRecoveryStore } from "./recovery-store.js";

const store = memoryRecoveryStore();
recoveryStoreContract("memory", () => store);
