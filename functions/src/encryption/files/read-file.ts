import type { Folder } from "../../kernel/data-map/map.js";
import { encryptionError } from "../errors.js";
import { byteQueue } from "./byte-queue.js";
import { floeOf } from "./file-key.js";
import type { Piece } from "./file-layout.js";
import type { FilesDeps } from "./files-deps.js";
import { floeReader, SEGMENT_OVERHEAD } from "./floe.js";
import type { SeenFile } from "./stored-file.js";

/** What a file is read with. */
export interface FileSource {
  readonly folder: Folder;
  readonly seen: SeenFile;
  readonly contentKey: Uint8Array;
}

/**
 * A file's plaintext from `start` to before `end`, segment by segment, each after it was verified. Only the segments that
 * the range touches are read; two are held at most.
 *
 * @throws encryption/undecryptable, encryption/file-unknown when an object is missing, encryption/files-unavailable
 */
export async function* readFile(
  deps: Pick<FilesDeps, "objects">,
  { folder, seen, contentKey }: FileSource,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer> {
  const { layout, start: beginning } = floeOf(folder, seen);
  const reader = floeReader(contentKey, beginning);
  if (reader === undefined) throw encryptionError("undecryptable");
  for (const piece of layout.piecesOf(start, end)) {
    let { first: segment } = piece.segments;
    for await (const sealed of segmentsOf(deps, seen, piece, layout.params.segmentBytes)) {
      const plaintext = reader.open(layout.place(segment), sealed);
      if (plaintext === undefined) throw encryptionError("undecryptable");
      const at = segment * layout.segmentBytes;
      const wanted = plaintext.subarray(Math.max(start - at, 0), Math.max(end - at, 0));
      if (wanted.length > 0) yield wanted;
      segment += 1;
    }
    if (segment !== piece.segments.end) throw encryptionError("undecryptable");
  }
}

/** A piece's segments, each in one buffer. */
async function* segmentsOf(
  { objects }: Pick<FilesDeps, "objects">,
  { row }: SeenFile,
  { part, bytes }: Piece,
  segmentBytes: number,
): AsyncGenerator<Uint8Array> {
  const object = row.parts[String(part)]?.object;
  if (object === undefined) throw encryptionError("file-unknown");
  const waiting = byteQueue();
  for await (const chunk of objects.read(object, bytes)) {
    waiting.push(chunk);
    while (waiting.length >= segmentBytes) yield waiting.join(segmentBytes);
  }
  if (waiting.length >= SEGMENT_OVERHEAD) yield waiting.join(waiting.length);
}
