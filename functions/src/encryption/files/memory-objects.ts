import { encryptionError } from "../errors.js";
import type { ObjectStore } from "./object-store.js";

export interface MemoryObject {
  readonly bytes: Buffer;
  readonly facts: Readonly<Record<string, string>>;
}

/** Objects in memory, to be looked at and altered by tests. */
export const memoryObjects = (): ObjectStore & { readonly all: Map<string, MemoryObject> } => {
  const all = new Map<string, MemoryObject>();
  return {
    all,
    write: async (name, content, facts) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      all.set(name, { bytes: Buffer.concat(chunks), facts });
    },
    read: async function* (name, { start, end }) {
      await Promise.resolve();
      const bytes = all.get(name)?.bytes;
      if (bytes === undefined) throw encryptionError("file-unknown");
      // In uneven chunks, as a network gives them.
      for (let at = start; at < Math.min(end, bytes.length); at += CHUNK) {
        yield bytes.subarray(at, Math.min(at + CHUNK, end));
      }
    },
    remove: (name) => {
      all.delete(name);
      return Promise.resolve();
    },
    list: (prefix, limit) =>
      Promise.resolve(
        [...all.keys()]
          .filter((name) => name.startsWith(prefix))
          .sort()
          .slice(0, limit),
      ),
  };
};

const CHUNK = 61_441;
