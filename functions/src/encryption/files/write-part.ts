import { createHash, timingSafeEqual } from "node:crypto";
import { randomId } from "../../kernel/random.js";
import { encryptionError } from "../errors.js";
import { floeOf, openSecrets, partMark } from "./file-key.js";
import type { FileLayout } from "./file-layout.js";
import type { FilesDeps } from "./files-deps.js";
import { FLOE_HEADER_BYTES, resumeFloe, type FloeWriter } from "./floe.js";
import { folderNamed } from "./own-folder.js";
import { objectPrefix, type SeenFile, type StoredPart } from "./stored-file.js";
import { untilWon } from "./until-won.js";

/** A part as it arrives. */
export interface ArrivingPart {
  readonly part: number;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, as their sender says. */
  readonly digest: Uint8Array;
}

/**
 * Encrypts a part and notes it, once: sent again it is found there, and other bytes in its place are refused. Every attempt
 * has an object of its own, so that of two that race one counts and the other leaves nothing.
 *
 * @throws encryption/part-wrong, -digest-wrong, -part-differs, -file-finished, -file-unknown
 */
export const writePart = async (deps: FilesDeps, seen: SeenFile, arriving: ArrivingPart): Promise<SeenFile> => {
  const { part, bytes } = arriving;
  const folder = folderNamed(deps.dataMap(), seen.row.folder);
  const { layout, start } = floeOf(folder, seen);
  if (layout.partLength(part) !== bytes.length) throw encryptionError("part-wrong");
  if (!createHash("sha256").update(bytes).digest().equals(arriving.digest)) throw encryptionError("digest-wrong");
  const { contentKey } = await openSecrets(deps, seen);
  const mark = partMark(contentKey, part, arriving.digest);
  if (isThere(seen, part, mark)) return seen;
  const writer = resumeFloe(deps, contentKey, start);
  if (writer === undefined) throw encryptionError("undecryptable");
  const object = `${objectPrefix(seen.row, seen.file)}${String(part).padStart(5, "0")}-${randomId(deps.random)}`;
  const facts = { format: "floe-file1", class: folder.class, part: String(part) };
  await deps.objects.write(object, sealPart(writer, layout, part, bytes), facts);
  const known = await note(deps, seen, part, { object, mark }).catch(async (error: unknown) => {
    await deps.objects.remove(object);
    throw error;
  });
  if (known.row.parts[String(part)]?.object !== object) await deps.objects.remove(object);
  return known;
};

/** A part's object: its segments, and before the first one's the header. */
export function* sealPart(writer: FloeWriter, layout: FileLayout, part: number, bytes: Uint8Array): Generator<Buffer> {
  if (part === 0) yield writer.header.subarray(0, FLOE_HEADER_BYTES);
  const { first, end } = layout.segmentsOf(part);
  const room = layout.segmentBytes;
  for (let segment = first; segment < end; segment += 1) {
    const at = (segment - first) * room;
    yield* writer.seal(layout.place(segment), [bytes.subarray(at, at + room)]);
  }
}

const note = (deps: FilesDeps, { file }: SeenFile, part: number, arrived: StoredPart): Promise<SeenFile> =>
  untilWon(async () => {
    const now = await deps.storedFiles.find(file);
    if (now === undefined) throw encryptionError("file-unknown");
    if (isThere(now, part, arrived.mark)) return { answer: now };
    if (!(await deps.storedFiles.change(now, { part: [part, arrived] }))) return undefined;
    const parts = { ...now.row.parts, [String(part)]: arrived };
    return { answer: { ...now, row: { ...now.row, parts } } };
  });

const isThere = ({ row }: SeenFile, part: number, mark: Uint8Array): boolean => {
  const there = row.parts[String(part)];
  if (there !== undefined) {
    if (there.mark.length === mark.length && timingSafeEqual(there.mark, mark)) return true;
    throw encryptionError("part-differs");
  }
  if (row.state === "stored") throw encryptionError("file-finished");
  if (row.state === "going") throw encryptionError("file-unknown");
  return false;
};
