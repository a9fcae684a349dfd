import type { NativeTypes } from "./native-types.js";
import { TAG } from "./value-tags.js";

/** Why a value cannot be encoded. The caller knows the field and makes the error. */
export class Unencodable extends Error {
  readonly reason: "field-wrong-type" | "field-sentinel";

  constructor(reason: "field-wrong-type" | "field-sentinel") {
    super(reason);
    this.reason = reason;
  }
}

/** The canonical bytes of any Firestore value: equal values have equal bytes. @throws Unencodable */
export const encodeValue = (natives: NativeTypes, value: unknown): Buffer => encode(natives, value, 0);

/** The same for a cipher, which takes text at once: a string's bytes are the UTF-8 of its tag and itself. @throws Unencodable */
export const encodePlaintext = (natives: NativeTypes, value: unknown): Buffer | string => {
  if (typeof value !== "string") return encode(natives, value, 0);
  if (!isWellFormed(value)) throw new Unencodable("field-wrong-type");
  return STRING + value;
};

const STRING = String.fromCharCode(TAG.string); // below 0x80: one byte of UTF-8

const DEEPEST = 20; // Firestore's own limit for maps and arrays in each other

const encode = (natives: NativeTypes, value: unknown, depth: number): Buffer => {
  if (value === null) return Buffer.of(TAG.null);
  if (typeof value === "boolean") return Buffer.of(value ? TAG.true : TAG.false);
  if (typeof value === "number") return encodeDoubles(TAG.double, value);
  if (typeof value === "bigint") return encodeInt64(value);
  if (typeof value === "string") return encodeText(TAG.string, value);
  if (typeof value !== "object" || depth > DEEPEST) throw new Unencodable("field-wrong-type");
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.of(TAG.bytes), value]);
  if (Array.isArray(value)) return encodeArray(natives, value, depth);
  if (isPlainObject(value)) return encodeMap(natives, value, depth);
  return encodeNative(natives, value);
};

/** Whether the object is a map in Firestore's sense. */
export const isPlainObject = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
};

/** Whether a string has no lone surrogate, which UTF-8 cannot carry. */
export const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();

const encodeDoubles = (tag: number, ...values: number[]): Buffer => {
  const out = Buffer.alloc(1 + 8 * values.length);
  out[0] = tag;
  values.forEach((value, index) => out.writeDoubleBE(Number.isNaN(value) ? NaN : value, 1 + 8 * index));
  return out;
};

const encodeInt64 = (value: bigint): Buffer => {
  if (BigInt.asIntN(64, value) !== value) throw new Unencodable("field-wrong-type");
  const out = Buffer.alloc(9);
  out[0] = TAG.int64;
  out.writeBigInt64BE(value, 1);
  return out;
};

const encodeText = (tag: number, text: string): Buffer => {
  if (!isWellFormed(text)) throw new Unencodable("field-wrong-type");
  const out = Buffer.allocUnsafe(1 + Buffer.byteLength(text));
  out[0] = tag;
  out.write(text, 1);
  return out;
};

const encodeArray = (natives: NativeTypes, items: readonly unknown[], depth: number): Buffer => {
  // Array.from gives holes as undefined, which is refused.
  const chunks = Array.from(items).flatMap((item) => sized(encode(natives, item, depth + 1)));
  return Buffer.concat([Buffer.of(TAG.array), ...chunks]);
};

const encodeMap = (natives: NativeTypes, map: Record<string, unknown>, depth: number): Buffer => {
  const keys = Object.keys(map).sort((a, b) => (a < b ? -1 : 1));
  const chunks = keys.flatMap((key) => {
    if (!isWellFormed(key)) throw new Unencodable("field-wrong-type");
    return [...sized(Buffer.from(key, "utf8")), ...sized(encode(natives, map[key], depth + 1))];
  });
  return Buffer.concat([Buffer.of(TAG.map), ...chunks]);
};

const sized = (bytes: Buffer): [Buffer, Buffer] => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
};

const encodeNative = (natives: NativeTypes, value: object): Buffer => {
  const kind = natives.kindOf(value);
  if (kind === "timestamp") {
    const { seconds, nanoseconds } = natives.instant(value);
    const out = Buffer.alloc(13);
    out[0] = TAG.timestamp;
    out.writeBigInt64BE(BigInt(seconds), 1);
    out.writeUInt32BE(nanoseconds, 9);
    return out;
  }
  if (kind === "geopoint") {
    const { latitude, longitude } = value as { latitude: number; longitude: number };
    return encodeDoubles(TAG.geopoint, latitude, longitude);
  }
  if (kind === "reference") return encodeText(TAG.reference, (value as { path: string }).path);
  throw new Unencodable(kind === "sentinel" ? "field-sentinel" : "field-wrong-type");
};
