import { memoryStoredFiles } from "./memory-stored-files.js";
import { storedFileContract } from "./stored-file-store.contract.js";

storedFileContract(memoryStoredFiles);
