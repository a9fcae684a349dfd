import { encodeTuple } from "../../kernel/bytes.js";
import type { TokenPlan } from "./document-plan.js";
import { HEADER_BYTES, writeHeader, type TokenVersion } from "./token.js";

/** Which document a token belongs to: the values of its path's variables, in order, and whom it is about. */
export interface DocumentPlace {
  readonly pathValues: readonly string[];
  readonly subject: string;
}

type TokenParts = Pick<TokenPlan, "head" | "name" | "type">;

/**
 * What binds a token to its place: the token's header (5) || tuple of `"pt1"`, class, path template, tuple of the path's
 * values, field, `"user:" + subject`, type. Project and database are left out, so that a restored copy can be read.
 *
 * The bytes are good until the next call: they lie in one scratch buffer, since a cipher takes them at once.
 */
export const associatedData = (
  place: DocumentPlace,
  parts: TokenParts,
  version: TokenVersion,
  keyId: number,
): Uint8Array => {
  const { head, name, type } = parts;
  const { pathValues, subject } = place;
  if (head.length + name.length + type.length + mostBytes(place) > scratch.length)
    return slowly(place, parts, version, keyId);
  writeHeader(scratch, version, keyId);
  scratch.set(head, HEADER_BYTES);
  const pathAt = HEADER_BYTES + head.length;
  let at = pathAt + 4;
  let valueAt = at;
  for (const value of pathValues) {
    valueAt = at + 4;
    at = writeText(value, valueAt);
    writeLength(valueAt - 4, at - valueAt);
  }
  writeLength(pathAt, at - pathAt - 4);
  const valueEnd = at;
  scratch.set(name, at);
  const personAt = at + name.length + 4;
  scratch.set(USER, personAt);
  at = personAt + USER.length;
  // Mostly the subject is the path's last value, whose bytes are there already.
  if (pathValues[pathValues.length - 1] === subject) {
    scratch.copyWithin(at, valueAt, valueEnd);
    at += valueEnd - valueAt;
  } else at = writeText(subject, at);
  writeLength(personAt - 4, at - personAt);
  scratch.set(type, at);
  return scratch.subarray(0, at + type.length);
};

const USER = Buffer.from("user:");
const scratch = Buffer.alloc(4_096);

/** As many bytes as header, path and person can have at most: three for each unit of UTF-16. */
const mostBytes = ({ pathValues, subject }: DocumentPlace): number => {
  let bytes = HEADER_BYTES + 4 + 4 + USER.length + 3 * subject.length;
  for (const value of pathValues) bytes += 4 + 3 * value.length;
  return bytes;
};

const writeText = (text: string, at: number): number => at + scratch.write(text, at);

const writeLength = (at: number, length: number): void => {
  scratch[at] = length >>> 24;
  scratch[at + 1] = length >>> 16;
  scratch[at + 2] = length >>> 8;
  scratch[at + 3] = length;
};

const slowly = (
  { pathValues, subject }: DocumentPlace,
  { head, name, type }: TokenParts,
  version: TokenVersion,
  keyId: number,
): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, version, keyId);
  const documentPart = encodeTuple([encodeTuple(pathValues)]);
  return Buffer.concat([header, head, documentPart, name, encodeTuple([`user:${subject}`]), type]);
};
