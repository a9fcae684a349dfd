import { createHash } from "node:crypto";
import type { EpochMs } from "../kernel/time.js";

/** Remembers what counts once. */
export interface NonceStore {
  /**
   * True for the first who spends it, whoever races. `until`: from then on nobody takes the proof any more, and the mark may
   * be forgotten; time to live is not prompt, so the proof's own time is what refuses it.
   */
  spend(key: string, until: EpochMs): Promise<boolean>;
}

/** The key of a device proof: what one device drew is another's to draw as well. */
export const proofKey = ({ jkt, jti }: { readonly jkt: string; readonly jti: string }): string =>
  createHash("sha256").update(`${jkt}\n${jti}`, "utf8").digest("base64url");

export const memoryNonceStore = (): NonceStore => {
  const spent = new Set<string>();
  return {
    spend: (key) => {
      const first = !spent.has(key);
      spent.add(key);
      return Promise.resolve(first);
    },
  };
};
