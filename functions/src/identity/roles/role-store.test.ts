import { roleStoreContract } from "./role-store.contract.js";
import { memoryRoleStore } from "./role-store.js";

roleStoreContract("memory", memoryRoleStore);
