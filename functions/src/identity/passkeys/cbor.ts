import { refuse } from "./refusal.js";

export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[] | ReadonlyMap<number | string, Cbor>;

/** The CBOR item at `offset`, and where the next one begins. */
export interface Decoded {
  readonly value: Cbor;
  readonly end: number;
}

/**
 * Reads one item of the CBOR that WebAuthn allows (CTAP2 canonical form, WebAuthn L3 §6.5.4): definite lengths in their shortest
 * form, no tags, no floats, no member twice, at most five levels deep. The order of members is not held against anybody: makers
 * differ in it.
 *
 * @throws identity/passkey-rejected (encoding)
 */
export const readCbor = (bytes: Uint8Array, offset = 0, depth = 0): Decoded => {
  if (depth > DEPTH) throw refuse("encoding");
  const { major, argument, end } = readHead(bytes, offset);
  if (major === 0) return { value: argument, end };
  if (major === 1) return { value: -1 - argument, end };
  if (major === 2) return readBytes(bytes, end, argument);
  if (major === 3) return readText(bytes, end, argument);
  if (major === 4) return readList(bytes, end, argument, depth);
  if (major === 5) return readMap(bytes, end, argument, depth);
  const simple = major === 7 ? SIMPLE.get(argument) : undefined;
  if (simple === undefined) throw refuse("encoding");
  return { value: simple, end };
};

/** The one item that fills the bytes. */
export const readWhole = (bytes: Uint8Array): Cbor => {
  const { value, end } = readCbor(bytes);
  if (end !== bytes.length) throw refuse("encoding");
  return value;
};

const DEPTH = 5;
const SIMPLE: ReadonlyMap<number, boolean | null> = new Map([
  [20, false],
  [21, true],
  [22, null],
]);

const readHead = (bytes: Uint8Array, offset: number): { major: number; argument: number; end: number } => {
  const first = bytes[offset];
  if (first === undefined) throw refuse("encoding");
  const [major, short] = [first >> 5, first & 31];
  if (short < 24) return { major, argument: short, end: offset + 1 };
  // 24, 25, 26: the argument follows in 1, 2 or 4 bytes. Longer ones, and lengths left open, have no use here.
  const size = { 24: 1, 25: 2, 26: 4 }[short];
  if (size === undefined || major === 7) throw refuse("encoding");
  const end = offset + 1 + size;
  if (end > bytes.length) throw refuse("encoding");
  const argument = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUIntBE(offset + 1, size);
  if (argument < (SHORTEST[size] ?? 0)) throw refuse("encoding");
  return { major, argument, end };
};

// The least value that needs so many bytes.
const SHORTEST: Readonly<Record<number, number>> = { 1: 24, 2: 0x1_00, 4: 0x1_0000 };

const readBytes = (bytes: Uint8Array, offset: number, length: number): { value: Uint8Array; end: number } => {
  const end = offset + length;
  if (end > bytes.length) throw refuse("encoding");
  return { value: bytes.subarray(offset, end), end };
};

const readText = (bytes: Uint8Array, offset: number, length: number): Decoded => {
  const { value, end } = readBytes(bytes, offset, length);
  try {
    return { value: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value), end };
  } catch (error) {
    throw refuse("encoding", error);
  }
};

const readList = (bytes: Uint8Array, offset: number, length: number, depth: number): Decoded => {
  const value: Cbor[] = [];
  let end = offset;
  for (let index = 0; index < length; index += 1) {
    const item = readCbor(bytes, end, depth + 1);
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
};

const readMap = (bytes: Uint8Array, offset: number, length: number, depth: number): Decoded => {
  const value = new Map<number | string, Cbor>();
  let end = offset;
  for (let index = 0; index < length; index += 1) {
    const key = readCbor(bytes, end, depth + 1);
    const item = readCbor(bytes, key.end, depth + 1);
    if ((typeof key.value !== "number" && typeof key.value !== "string") || value.has(key.value))
      throw refuse("encoding");
    value.set(key.value, item.value);
    end = item.end;
  }
  return { value, end };
};
