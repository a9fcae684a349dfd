import type { Folder } from "../../kernel/data-map/map.js";
import { DAY } from "../../kernel/time.js";
import { encryptionError } from "../errors.js";
import { encryptionEvent } from "../events.js";
import type { FilesDeps } from "./files-deps.js";
import { removeObjects } from "./object-store.js";
import { folderNamed } from "./own-folder.js";
import { ownFile } from "./own-file.js";
import { objectPrefix, type SeenFile, type StoredFile } from "./stored-file.js";
import { untilWon } from "./until-won.js";

/**
 * Makes a file of the parts that have arrived: one write of its document, and from then on it is there. Done twice, or by
 * two at once, it is the same file.
 *
 * @throws encryption/file-incomplete with `details.missing`, encryption/file-unknown
 */
export const finishFile = async (
  deps: FilesDeps,
  uid: string,
  file: string,
): Promise<{ file: string; size: number }> => {
  const { seen, won } = await untilWon(async () => {
    const now = await ownFile(deps, uid, file);
    if (now.row.state === "stored") return { answer: { seen: now, won: false } };
    requireAll(now.row);
    const folder = folderNamed(deps.dataMap(), now.row.folder);
    const storedAt = deps.clock();
    // Before it is there: what cannot be recorded must not happen.
    await recordWrite(deps, folder, uid);
    const change = { state: "stored", storedAt, endsAt: endOf(folder, storedAt) } as const;
    return (await deps.storedFiles.change(now, change)) ? { answer: { seen: now, won: true } } : undefined;
  });
  const { row } = seen;
  if (won) {
    const detail = { folder: row.folder, bytes: row.size };
    await deps.record({ type: encryptionEvent["file-stored"], outcome: "success", subject: uid, detail });
    await removeStray(deps, seen);
  }
  return { file, size: row.size };
};

const requireAll = ({ parts, size, partBytes }: StoredFile): void => {
  const count = Math.max(1, Math.ceil(size / partBytes));
  const missing: number[] = [];
  for (let part = 0; part < count; part += 1) if (parts[String(part)] === undefined) missing.push(part);
  if (missing.length > 0) throw encryptionError("file-incomplete", { details: { missing: missing.slice(0, 1_000) } });
};

const endOf = ({ retention }: Folder, storedAt: number): number | undefined =>
  retention.days === "indefinite" ? undefined : storedAt + retention.days * DAY;

const recordWrite = async (deps: FilesDeps, folder: Folder, uid: string): Promise<void> => {
  if (folder.class !== "RED") return;
  const { name, purpose, legalBasis } = folder;
  const access = { collection: name, fields: ["content", "name"], purpose, legalBasis, action: "write" } as const;
  await deps.recordAccess({ subject: uid, actor: "subject", ...access });
};

/** What attempts left that broke off between the bucket and the document. */
const removeStray = (deps: FilesDeps, { file, row }: SeenFile): Promise<void> =>
  removeObjects(deps, objectPrefix(row, file), new Set(Object.values(row.parts).map(({ object }) => object)));
