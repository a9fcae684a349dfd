import { encodeTuple } from "../../kernel/bytes.js";
import type { FieldPlan } from "./document-plan.js";
import { HEADER_BYTES, writeHeader, type TokenVersion } from "./token.js";

/** Which document a token belongs to: the values of its path's variables, in order, and whom it is about. */
export interface DocumentPlace {
  readonly pathValues: readonly string[];
  readonly subject: string;
}

/**
 * What binds a token to its place: the token's header (5) || tuple of `"pt1"`, class, path template, tuple of the path's
 * values, field, `"user:" + subject`, type. Project and database are left out, so that a restored copy can be read.
 *
 * The bytes are good until the next call: they lie in one scratch buffer, since a cipher takes them at once.
 */
export const associatedData = (
  place: DocumentPlace,
  plan: FieldPlan,
  version: TokenVersion,
  keyId: number,
): Uint8Array => {
  const { head, name, type } = plan;
  const { pathValues, subject } = place;
  let inner = 0;
  for (const value of pathValues) inner += 4 + value.length;
  const personAt = HEADER_BYTES + head.length + 4 + inner + name.length;
  const typeAt = personAt + 4 + USER.length + subject.length;
  if (typeAt + type.length > scratch.length) return slowly(place, plan, version, keyId);
  writeHeader(scratch, version, keyId);
  scratch.set(head, HEADER_BYTES);
  let at = writeLength(HEADER_BYTES + head.length, inner);
  let units = 0;
  for (const value of pathValues) {
    at = writeLength(at, value.length);
    units |= writeUnits(at, value);
    at += value.length;
  }
  scratch.set(name, at);
  scratch.set(USER, writeLength(personAt, USER.length + subject.length));
  units |= writeUnits(personAt + 4 + USER.length, subject);
  scratch.set(type, typeAt);
  return units > 127 ? slowly(place, plan, version, keyId) : scratch.subarray(0, typeAt + type.length);
};

const USER = Buffer.from("user:");
const scratch = new Uint8Array(4_096);

const writeLength = (at: number, length: number): number => {
  scratch[at] = length >>> 24;
  scratch[at + 1] = length >>> 16;
  scratch[at + 2] = length >>> 8;
  scratch[at + 3] = length;
  return at + 4;
};

/** Writes a text as if it were ASCII; over 127 when it is not. Ids nearly always are. */
const writeUnits = (at: number, text: string): number => {
  let units = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    units |= unit;
    scratch[at + index] = unit;
  }
  return units;
};

const slowly = (
  { pathValues, subject }: DocumentPlace,
  plan: FieldPlan,
  version: TokenVersion,
  keyId: number,
): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, version, keyId);
  const documentPart = encodeTuple([encodeTuple(pathValues)]);
  return Buffer.concat([header, plan.head, documentPart, plan.name, encodeTuple([`user:${subject}`]), plan.type]);
};
