import { describe } from "@jest/globals";
import { memorySeenStore, memoryWindowStore } from "./window-store.js";
import { windowStoreContract } from "./window-store.contract.js";

let next = 0;

describe("windows in memory", () => {
  windowStoreContract(() => ({
    windows: memoryWindowStore(),
    seen: memorySeenStore(),
    id: () => `id-${String((next += 1))}`,
  }));
});
