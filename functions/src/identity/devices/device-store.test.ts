import { deviceStoreContract } from "./device-store.contract.js";
import { memoryDeviceStore } from "./device-store.js";

const store = memoryDeviceStore();
deviceStoreContract("memory", () => store);
