import { blockStoreContract } from "./block-store.contract.js";
import { memoryBlockStore } from "./block-store.js";

blockStoreContract("memory", memoryBlockStore);
