import type { EpochMs } from "../../kernel/time.js";
import { requestError } from "../../platform/errors.js";
import { openSecrets } from "./file-key.js";
import type { FilesDeps } from "./files-deps.js";
import { holdDemand, type FileCaller } from "./hold-demand.js";
import { readableFolder, recordRead } from "./open-file.js";
import { ownFolder, type FolderPlace } from "./own-folder.js";
import type { FilePlace, SeenFile } from "./stored-file.js";

export interface ListedFile {
  readonly file: string;
  readonly size: number;
  readonly contentType: string;
  readonly name?: string;
  /** When it was finished. */
  readonly at: EpochMs;
}

/** The caller's own finished files in one place, newest first. Names count as RED where the folder does. */
export const listFiles = async (
  deps: FilesDeps,
  caller: FileCaller,
  { after, limit, ...wanted }: FolderPlace & { readonly after?: string | undefined; readonly limit: number },
): Promise<{ files: ListedFile[]; next?: string }> => {
  const { place } = ownFolder(deps.dataMap(), caller.uid, wanted);
  const folder = readableFolder(deps, wanted.folder);
  holdDemand(deps, caller.session, folder.access.needs?.read);
  const page = { limit, ...(after !== undefined && { after: readCursor(after) }) };
  const found = await deps.storedFiles.list({ uid: caller.uid, place }, page);
  if (found.length > 0) await recordRead(deps, folder, caller.uid, ["name"]);
  const files = await Promise.all(found.map((seen) => shown(deps, seen)));
  const last = found.length === limit ? found.at(-1) : undefined;
  return { files, ...(last !== undefined && { next: `${String(last.row.storedAt ?? 0)}.${last.file}` }) };
};

const shown = async (deps: FilesDeps, seen: SeenFile): Promise<ListedFile> => {
  const { contentType, name } = await openSecrets(deps, seen);
  const { size, storedAt } = seen.row;
  return { file: seen.file, size, contentType, ...(name !== undefined && { name }), at: storedAt ?? 0 };
};

const readCursor = (cursor: string): FilePlace => {
  const [, storedAt, file] = /^(\d{1,16})\.([\w-]{22})$/.exec(cursor) ?? [];
  if (storedAt === undefined || file === undefined) throw requestError("malformed");
  return { storedAt: Number(storedAt), file };
};
