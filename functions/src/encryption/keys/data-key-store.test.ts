import { dataKeyStoreContract } from "./data-key-store.contract.js";
import { memoryDataKeyStore } from "./data-key-store.js";
import { epochStoreContract } from "./epoch-store.contract.js";
import { memoryEpochStore } from "./epoch-store.js";

let count = 0;
dataKeyStoreContract("memory", () => ({ store: memoryDataKeyStore(), fresh: () => `u${String((count += 1))}` }));
epochStoreContract("memory", memoryEpochStore());
