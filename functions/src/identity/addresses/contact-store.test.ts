import { contactStoreContract } from "./contact-store.contract.js";
import { memoryContactStore } from "./contact-store.js";

const store = memoryContactStore();
contactStoreContract("memory", () => store);
