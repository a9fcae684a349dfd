import { encryptionError } from "../errors.js";
import { fileAnswer, type FileAnswer } from "./file-answer.js";
import { openSecrets } from "./file-key.js";
import type { FilesDeps } from "./files-deps.js";
import { headerOf, holdTicket, type FileRequest } from "./hold-ticket.js";
import { readableFolder } from "./open-file.js";
import { readFile } from "./read-file.js";

/**
 * `GET` or `HEAD`: the file that the ticket is for, or the range that is asked for (RFC 9110 §14, one range). The first
 * segment is verified before the answer begins; when a later one is not what it was, the connection breaks.
 */
export const serveDownload = async (deps: FilesDeps, request: FileRequest): Promise<FileAnswer> => {
  if (request.method !== "GET" && request.method !== "HEAD")
    return fileAnswer(405, { status: 405 }, { allow: "GET, HEAD" });
  const seen = await holdTicket(deps, request, "download");
  const { file, row } = seen;
  if (row.state !== "stored") throw encryptionError("file-unknown");
  const folder = readableFolder(deps, row.folder);
  const { contentKey, contentType } = await openSecrets(deps, seen);
  const etag = `"${file}"`;
  const range = rangeOf(request, row.size, etag);
  const { start, end } = range ?? { start: 0, end: row.size };
  const headers = {
    "content-type": contentType,
    "content-disposition": "attachment",
    "content-length": String(end - start),
    "accept-ranges": "bytes",
    etag,
    ...(range && { "content-range": `bytes ${String(start)}-${String(end - 1)}/${String(row.size)}` }),
  };
  const status = range === undefined ? 200 : 206;
  if (request.method === "HEAD") return fileAnswer(status, undefined, headers);
  const content = readFile(deps, { folder, seen, contentKey }, { start, end });
  return fileAnswer(status, await begun(content), headers);
};

/** The content, of which the first piece was read: what is wrong with it from the start is an answer, not a broken one. */
const begun = async (content: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> => {
  const first = await content.next();
  return (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* content;
  })();
};

/**
 * Undefined for the whole file: without a range, with several or one in another unit, and where `If-Range` names another.
 *
 * @throws encryption/range-wrong when the file does not reach that far
 */
const rangeOf = (request: FileRequest, size: number, etag: string): { start: number; end: number } | undefined => {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headerOf(request, "range") ?? "") ?? [];
  if (from === undefined || to === undefined || from + to === "") return undefined;
  const condition = headerOf(request, "if-range");
  if (condition !== undefined && condition !== etag) return undefined;
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  const start = from === "" ? Math.max(size - Number(to), 0) : Number(from);
  const end = from === "" || to === "" ? size : Math.min(Number(to) + 1, size);
  if (start >= end) throw encryptionError("range-wrong", { details: { size } });
  return { start, end };
};
