import { config } from "../../config.js";
import type { Folder } from "../../kernel/data-map/map.js";
import { randomId } from "../../kernel/random.js";
import type { EpochMs } from "../../kernel/time.js";
import { encryptionError } from "../errors.js";
import { sealDocument } from "../tokens/seal-document.js";
import { fileBinding, openSecrets, STORED_FILES } from "./file-key.js";
import { fileLayout } from "./file-layout.js";
import type { FilesDeps } from "./files-deps.js";
import { floeWriter } from "./floe.js";
import { holdDemand, type FileCaller } from "./hold-demand.js";
import { isAllowedType, ownFolder, type FolderPlace } from "./own-folder.js";
import { arrivedParts, type SeenFile } from "./stored-file.js";
import { issueTicket } from "./ticket-store.js";

/** A file that somebody wants to send. */
export interface NewFile extends FolderPlace {
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly name?: string | undefined;
  /** The upload that was interrupted, to go on with. */
  readonly resume?: string | undefined;
}

export interface BegunFile {
  readonly file: string;
  readonly ticket: string;
  readonly ticketExpiresAt: EpochMs;
  readonly partBytes: number;
  readonly parts: number;
  readonly arrived: number[];
}

/** Makes room for a file, or goes on with an upload under way; nothing of it can be seen or fetched until it is finished. */
export const beginFile = async (deps: FilesDeps, caller: FileCaller, wanted: NewFile): Promise<BegunFile> => {
  const { folder, place } = ownFolder(deps.dataMap(), caller.uid, wanted);
  if (folder.access.write !== "subject") throw encryptionError("folder-closed");
  holdDemand(deps, caller.session, folder.access.needs?.write);
  if (wanted.size > folder.maxBytes) throw encryptionError("file-too-large", { details: { most: folder.maxBytes } });
  if (!isAllowedType(folder, wanted.contentType)) throw encryptionError("file-type-refused");
  const seen =
    wanted.resume === undefined
      ? await createFile(deps, caller.uid, { folder, place, wanted })
      : await resumed(deps, caller.uid, { place, wanted, file: wanted.resume });
  const { file, row } = seen;
  const until = deps.clock() + config.files.uploadTicketMs;
  const { sid } = caller.session;
  return {
    file,
    ...(await issueTicket(deps, { uid: caller.uid, sid, file, purpose: "upload", until })),
    partBytes: row.partBytes,
    parts: Math.max(1, Math.ceil(row.size / row.partBytes)),
    arrived: arrivedParts(row),
  };
};

const createFile = async (
  deps: FilesDeps,
  uid: string,
  { folder, place, wanted }: { folder: Folder; place: string; wanted: NewFile },
): Promise<SeenFile> => {
  if ((await deps.storedFiles.countOpen(uid)) >= config.files.unfinished) throw encryptionError("uploads-too-many");
  const { size, contentType, name } = wanted;
  const file = randomId(deps.random);
  const contentKey = Buffer.from(deps.random(32));
  const sealed = await sealDocument(deps, {
    collection: STORED_FILES,
    path: `${STORED_FILES}/${file}`,
    subject: uid,
    values: { contentKey, contentType, ...(name !== undefined && { name }) },
  });
  const { params } = fileLayout(size, deps.cut);
  const { header } = floeWriter(deps, contentKey, fileBinding(folder, { file, uid, place, size }), params);
  contentKey.fill(0);
  const at = deps.clock();
  const row = {
    ...sealed,
    uid,
    folder: folder.name,
    place,
    state: "open",
    size,
    partBytes: deps.cut.partBytes,
    header,
    parts: {},
    at,
    endsAt: at + config.files.unfinishedMs,
  } as const;
  await deps.storedFiles.create(file, row);
  return { file, row, revision: undefined };
};

/** Whoever goes on must say the same of the file as at its beginning. */
const resumed = async (
  deps: FilesDeps,
  uid: string,
  { place, wanted, file }: { place: string; wanted: NewFile; file: string },
): Promise<SeenFile> => {
  const seen = await deps.storedFiles.find(file);
  if (seen?.row.uid !== uid || seen.row.state === "going") throw encryptionError("file-unknown");
  const { row } = seen;
  if (row.state === "stored") throw encryptionError("file-finished");
  const { contentType } = await openSecrets(deps, seen);
  if (row.place !== place || row.size !== wanted.size || contentType !== wanted.contentType)
    throw encryptionError("file-unknown");
  return seen;
};
