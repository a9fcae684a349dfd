import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { bucket } from "../../platform/app.js";
import { encryptionError } from "../errors.js";
import type { ObjectStore } from "./object-store.js";

export const bucketObjects = (getBucket: typeof bucket): ObjectStore => ({
  write: async (name, content, facts) => {
    const target = getBucket()
      .file(name)
      .createWriteStream({
        resumable: false,
        metadata: { contentType: "application/octet-stream", cacheControl: "private, no-store", metadata: facts },
      });
    await pipeline(Readable.from(content), target);
  },
  read: async function* (name, { start, end }) {
    const source = getBucket()
      .file(name)
      // Segments are verified one by one; Google's checksum is of the whole object only.
      .createReadStream({ start, end: end - 1, validation: false, decompress: false });
    try {
      for await (const chunk of source) yield chunk as Buffer;
    } catch (cause) {
      if ((cause as { code?: unknown }).code === 404) throw encryptionError("file-unknown", { cause });
      throw encryptionError("files-unavailable", { cause });
    }
  },
  remove: async (name) => {
    await getBucket().file(name).delete({ ignoreNotFound: true });
  },
  list: async (prefix, limit) => {
    const [found] = await getBucket().getFiles({ prefix, maxResults: limit, autoPaginate: false });
    return found.map(({ name }) => name);
  },
});
