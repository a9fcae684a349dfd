import { config } from "../../config.js";
import type { Folder } from "../../kernel/data-map/map.js";
import type { EpochMs } from "../../kernel/time.js";
import { encryptionError } from "../errors.js";
import { openSecrets } from "./file-key.js";
import type { FilesDeps } from "./files-deps.js";
import { holdDemand, type FileCaller } from "./hold-demand.js";
import { ownFile } from "./own-file.js";
import { folderNamed } from "./own-folder.js";
import { issueTicket } from "./ticket-store.js";

export interface OpenedFile {
  readonly ticket: string;
  readonly ticketExpiresAt: EpochMs;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly name?: string;
}

/**
 * A ticket to fetch an own file. Of a RED one it is on record before the ticket goes out, and so before the first byte.
 *
 * @throws encryption/file-unknown, -folder-closed, -undecryptable, -key-missing; audit/unavailable
 */
export const openFile = async (deps: FilesDeps, caller: FileCaller, file: string): Promise<OpenedFile> => {
  const seen = await ownFile(deps, caller.uid, file);
  if (seen.row.state !== "stored") throw encryptionError("file-unknown");
  const folder = readableFolder(deps, seen.row.folder);
  holdDemand(deps, caller.session, folder.access.needs?.read);
  const { contentType, name } = await openSecrets(deps, seen);
  await recordRead(deps, folder, caller.uid, ["content", "name"]);
  const { sid } = caller.session;
  const until = deps.clock() + config.files.downloadTicketMs;
  return {
    ...(await issueTicket(deps, { uid: caller.uid, sid, file, purpose: "download", until })),
    size: seen.row.size,
    contentType,
    ...(name !== undefined && { name }),
  };
};

/** A folder whose files their subject may have. @throws encryption/folder-closed */
export const readableFolder = (deps: Pick<FilesDeps, "dataMap">, name: string): Folder => {
  const folder = folderNamed(deps.dataMap(), name);
  if (folder.access.read === "nobody") throw encryptionError("folder-closed");
  return folder;
};

export const recordRead = async (
  deps: FilesDeps,
  { name, class: dataClass, purpose, legalBasis }: Folder,
  uid: string,
  fields: readonly string[],
): Promise<void> => {
  if (dataClass !== "RED") return;
  const read = { collection: name, fields, purpose, legalBasis, action: "read" } as const;
  await deps.recordAccess({ subject: uid, actor: "subject", ...read });
};
