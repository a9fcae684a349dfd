import { encryptionEvent } from "../events.js";
import type { FilesDeps } from "./files-deps.js";
import { removeObjects } from "./object-store.js";
import { ownFile } from "./own-file.js";
import { folderNamed } from "./own-folder.js";
import { objectPrefix, type SeenFile } from "./stored-file.js";
import { encryptionError } from "../errors.js";
import { untilWon } from "./until-won.js";

/** Removes an own file, or ends an upload under way. False when it is not there. @throws encryption/folder-closed */
export const removeFile = async (deps: FilesDeps, uid: string, file: string): Promise<{ removed: boolean }> => {
  const seen = await ownFile(deps, uid, file);
  if (folderNamed(deps.dataMap(), seen.row.folder).access.write !== "subject") throw encryptionError("folder-closed");
  return { removed: await takeAway(deps, seen, "subject") };
};

/**
 * Out of sight first, in one write; then the objects; the document with its key last. Broken off anywhere, the sweep ends it.
 * False when somebody else was quicker.
 */
export const takeAway = async (deps: FilesDeps, seen: SeenFile, actor: "subject" | "system"): Promise<boolean> => {
  const { file } = seen;
  const hidden = await untilWon(async () => {
    const now = await deps.storedFiles.find(file);
    if (now === undefined || (now.row.state === "going" && actor === "subject")) return { answer: undefined };
    // What was finished, or kept longer, since it was found to be due is no longer the sweep's.
    if (actor === "system" && now.row.endsAt !== seen.row.endsAt) return { answer: undefined };
    if (now.row.state === "going") return { answer: now };
    const gone = await deps.storedFiles.change(now, { state: "going", endsAt: deps.clock() });
    return gone ? { answer: now } : undefined;
  });
  if (hidden === undefined) return false;
  const { uid, folder } = hidden.row;
  await removeObjects(deps, objectPrefix(hidden.row, file));
  await deps.storedFiles.remove(file);
  const type = encryptionEvent["file-removed"];
  const by = actor === "system" ? { actor: "system" } : {};
  await deps.record({ type, outcome: "success", subject: uid, ...by, detail: { folder, bytes: hidden.row.size } });
  return true;
};
