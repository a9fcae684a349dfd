import { sessionStoreContract } from "./session-store.contract.js";
import { memorySessionStore } from "./session-store.js";

sessionStoreContract("memory", () => memorySessionStore());
