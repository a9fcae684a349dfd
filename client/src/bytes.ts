/** Bytes that WebCrypto and streams take: never of a shared buffer. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const concat = (...parts: readonly Uint8Array[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export const uint32 = (value: number): Bytes => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};

export const uint64 = (value: number): Bytes => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
};

/** A list of texts that no other list has the bytes of: each as its UTF-8 length (4 bytes, big-endian), then its UTF-8. */
export const tuple = (...texts: readonly string[]): Bytes =>
  concat(...texts.map(utf8).flatMap((text) => [uint32(text.length), text]));

/** Compares without telling by its time where the first difference is. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
};

/** `bytes` random bytes. */
export const randomBytes = (bytes: number): Bytes => crypto.getRandomValues(new Uint8Array(bytes));

/** Overwrites them. The engine may have moved them before, so this shortens the time a secret lies about and promises no more. */
export const wipe = (...all: readonly Uint8Array[]): void => {
  for (const bytes of all) bytes.fill(0);
};
