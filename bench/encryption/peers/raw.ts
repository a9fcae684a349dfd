import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Peer } from "./peer.ts";

/**
 * AES-256-GCM by hand, as documentation shows it: a random 12-byte IV, associated data, `iv || ciphertext || tag`, under one
 * key for everybody.
 */
export const rawPeer = (): Peer => {
  const key = randomBytes(32);
  return {
    name: "node:crypto AES-256-GCM",
    bindsPlace: true,
    commits: false,
    seal: (text, place) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      cipher.setAAD(place.bytes);
      return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, place) => {
      const bytes = sealed as Buffer;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAAD(place.bytes);
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8");
    },
  };
};
