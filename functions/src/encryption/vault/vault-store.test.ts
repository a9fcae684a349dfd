import { memoryVaultStore } from "./vault-store.js";
import { vaultStoreContract } from "./vault-store.contract.js";

vaultStoreContract("memory", memoryVaultStore);
