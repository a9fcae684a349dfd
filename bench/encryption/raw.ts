import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/**
 * AES-256-GCM by hand, as documentation shows it: a random 12-byte IV, associated data, `iv || ciphertext || tag`.
 * Its associated data is made before it is measured; ours is made each time.
 */
export const rawEncrypt = (key: Buffer, text: string, associatedData: Buffer): Buffer => {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(associatedData);
  return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
};

export const rawDecrypt = (key: Buffer, sealed: Buffer, associatedData: Buffer): string => {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
  decipher.setAAD(associatedData);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString("utf8");
};
