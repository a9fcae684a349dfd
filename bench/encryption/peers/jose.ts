import { randomBytes } from "node:crypto";
import { FlattenedEncrypt, flattenedDecrypt, type FlattenedJWE } from "jose";
import type { Peer } from "./peer.ts";

/** A JWE in flattened JSON, the one serialisation that carries associated data; a key of ours, used directly. */
export const josePeer = (): Peer => {
  const key = randomBytes(32);
  return {
    name: "jose, dir + A256GCM",
    bindsPlace: true,
    commits: false,
    seal: async (text, place) =>
      JSON.stringify(
        await new FlattenedEncrypt(Buffer.from(text))
          .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
          .setAdditionalAuthenticatedData(place.bytes)
          .encrypt(key),
      ),
    open: async (sealed) => {
      const { plaintext } = await flattenedDecrypt(JSON.parse(sealed as string) as FlattenedJWE, key);
      return Buffer.from(plaintext).toString("utf8");
    },
  };
};
