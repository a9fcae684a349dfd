import { nonceStoreContract, proofKeyContract } from "./nonce-store.contract.js";
import { memoryNonceStore } from "./nonce-store.js";

const store = memoryNonceStore();
nonceStoreContract("memory", () => store);
proofKeyContract();
