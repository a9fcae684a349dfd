import { decryptStringSync, encryptStringSync, generateKey, parseKeySync } from "@47ng/cloak";
import type { Peer } from "./peer.ts";

/** What prisma-field-encryption encrypts with. No associated data: values can be moved between rows and fields. */
export const cloakPeer = (): Peer => {
  const key = parseKeySync(generateKey());
  return {
    name: "@47ng/cloak",
    bindsPlace: false,
    commits: false,
    seal: (text) => encryptStringSync(text, key),
    open: (sealed) => decryptStringSync(sealed as string, key),
  };
};
