import { outboxStoreContract } from "./outbox-store.contract.js";
import { memoryOutboxStore } from "./outbox-store.js";

const store = memoryOutboxStore();
outboxStoreContract("memory", () => store);
