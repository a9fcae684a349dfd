import { encryptionError } from "../errors.js";
import type { NativeTypes } from "./native-types.js";
import { TAG } from "./value-tags.js";

/** The value that `encodeValue` gave these bytes for. @throws encryption/undecryptable when no value has them */
export const decodeValue = (natives: NativeTypes, bytes: Buffer): unknown => {
  try {
    return decode(natives, bytes);
  } catch (cause) {
    throw encryptionError("undecryptable", { cause });
  }
};

const decode = (natives: NativeTypes, bytes: Buffer): unknown => {
  const tag = bytes[0];
  if (tag === TAG.string) return bytes.toString("utf8", 1);
  if (tag === TAG.array) return readParts(bytes).map((part) => decode(natives, part));
  if (tag === TAG.map) return decodeMap(natives, readParts(bytes));
  if (tag === TAG.bytes) return Buffer.from(bytes.subarray(1));
  if (tag === TAG.reference) return natives.reference(bytes.toString("utf8", 1));
  if (tag === undefined || bytes.length !== FIXED_BYTES[tag]) throw encryptionError("undecryptable");
  return decodeFixed(natives, tag, bytes);
};

const FIXED_BYTES: Readonly<Record<number, number>> = {
  [TAG.null]: 1,
  [TAG.false]: 1,
  [TAG.true]: 1,
  [TAG.double]: 9,
  [TAG.int64]: 9,
  [TAG.timestamp]: 13,
  [TAG.geopoint]: 17,
};

const decodeFixed = (natives: NativeTypes, tag: number, bytes: Buffer): unknown => {
  if (tag === TAG.null) return null;
  if (tag === TAG.false || tag === TAG.true) return tag === TAG.true;
  if (tag === TAG.double) return bytes.readDoubleBE(1);
  if (tag === TAG.int64) return bytes.readBigInt64BE(1);
  if (tag === TAG.timestamp) return natives.timestamp(Number(bytes.readBigInt64BE(1)), bytes.readUInt32BE(9));
  return natives.geopoint(bytes.readDoubleBE(1), bytes.readDoubleBE(9));
};

const decodeMap = (natives: NativeTypes, parts: readonly Buffer[]): Record<string, unknown> => {
  const entries: [string, unknown][] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [key, value] = [parts[index], parts[index + 1]];
    if (key === undefined || value === undefined) throw encryptionError("undecryptable");
    entries.push([key.toString("utf8"), decode(natives, value)]);
  }
  // fromEntries defines own properties: a key `__proto__` stays a key.
  return Object.fromEntries(entries);
};

const readParts = (bytes: Buffer): Buffer[] => {
  const parts: Buffer[] = [];
  let at = 1;
  while (at < bytes.length) {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt32BE(at) : Infinity;
    if (end > bytes.length) throw encryptionError("undecryptable");
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts;
};
