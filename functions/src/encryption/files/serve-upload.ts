import { encryptionError } from "../errors.js";
import { floeOf } from "./file-key.js";
import { fileAnswer, type FileAnswer } from "./file-answer.js";
import type { FilesDeps } from "./files-deps.js";
import { headerOf, holdTicket, type FileRequest } from "./hold-ticket.js";
import { folderNamed } from "./own-folder.js";
import { arrivedParts, type SeenFile } from "./stored-file.js";
import { writePart } from "./write-part.js";

/**
 * `PUT ?part=<n>` sends a part of the file that the ticket is for, with its `Content-Digest` (RFC 9530, sha-256).
 * `GET` says which parts have arrived, for going on after an interruption.
 */
export const serveUpload = async (
  deps: FilesDeps,
  request: FileRequest & { readonly body: Uint8Array },
): Promise<FileAnswer> => {
  if (request.method !== "PUT" && request.method !== "GET")
    return fileAnswer(405, { status: 405 }, { allow: "GET, PUT" });
  const seen = await holdTicket(deps, request, "upload");
  if (request.method === "GET") return fileAnswer(200, status(deps, seen));
  const part = partOf(request);
  const known = await writePart(deps, seen, { part, bytes: request.body, digest: digestOf(request) });
  return fileAnswer(200, { part, arrived: arrivedParts(known.row) });
};

const status = (deps: FilesDeps, seen: SeenFile) => {
  const { layout } = floeOf(folderNamed(deps.dataMap(), seen.row.folder), seen);
  const { size, partBytes } = seen.row;
  return { size, partBytes, parts: layout.parts, arrived: arrivedParts(seen.row) };
};

const partOf = ({ query }: FileRequest): number => {
  const { part } = query;
  if (typeof part !== "string" || !/^(0|[1-9]\d{0,6})$/.test(part)) throw encryptionError("part-wrong");
  return Number(part);
};

/** Of the digests that a sender may give, the one of SHA-256. */
const digestOf = (request: FileRequest): Uint8Array => {
  const [, value] = /(?:^|[\s,])sha-256=:([A-Za-z0-9+/]{43}=):/.exec(headerOf(request, "content-digest") ?? "") ?? [];
  if (value === undefined) throw encryptionError("digest-wrong");
  return Buffer.from(value, "base64");
};
