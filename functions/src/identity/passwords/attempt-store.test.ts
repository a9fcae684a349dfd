import { randomUUID } from "node:crypto";
import { attemptStoreContract } from "./attempt-store.contract.js";
import { memoryAttemptStore } from "./attempt-store.js";

const store = memoryAttemptStore();
attemptStoreContract(() => store, randomUUID);
