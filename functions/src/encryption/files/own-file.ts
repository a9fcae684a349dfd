import { encryptionError } from "../errors.js";
import type { FilesDeps } from "./files-deps.js";
import type { SeenFile } from "./stored-file.js";

/** The caller's own file, finished or not. Another's is as unknown as one that never was. @throws encryption/file-unknown */
export const ownFile = async (deps: Pick<FilesDeps, "storedFiles">, uid: string, file: string): Promise<SeenFile> => {
  const seen = await deps.storedFiles.find(file);
  if (seen?.row.uid !== uid || seen.row.state === "going") throw encryptionError("file-unknown");
  return seen;
};
