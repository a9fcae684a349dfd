import { logContract } from "./log.contract.js";
import { memoryLogStore } from "./log-store.js";
import { memorySpool } from "./spool.js";

logContract("memory", () => {
  const spool = memorySpool();
  return Promise.resolve({ spool, store: memoryLogStore(spool.entries) });
});
