import { createHmac } from "node:crypto";

/** The authenticator app on Ann's telephone: RFC 6238, SHA-1, six digits, 30 s. Written apart from the server's library. */
export const totpCode = (secretBase32: string, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", fromBase32(secretBase32)).update(counter).digest();
  const offset = (mac[19] ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
};

export const currentStep = (): number => Math.floor(Date.now() / 30_000);

/** Waits until a step later than `last` has begun, as a person waits for the next code. */
export const nextStep = async (last: number): Promise<number> => {
  while (currentStep() <= last) await new Promise((resolve) => setTimeout(resolve, 200));
  return currentStep();
};

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const fromBase32 = (text: string): Buffer => {
  const bits = Array.from(text.replace(/[=\s]/g, "").toUpperCase())
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
};
