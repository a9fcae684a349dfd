import { memoryReceiverStore } from "./receiver-store.js";
import { memorySignalStore } from "./signal-store.js";
import { receiverStoreContract, signalStoreContract } from "./signal-stores.contract.js";

const [signals, receivers] = [memorySignalStore(), memoryReceiverStore()];
signalStoreContract("memory", () => signals);
receiverStoreContract("memory", () => receivers);
