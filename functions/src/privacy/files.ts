import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { bucket } from "../platform/app.js";

export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly updated: string;
}

/** Objects in the bucket of exports and user files. */
export interface Files {
  /** Objects whose names begin with `prefix`, which ends in `/`. `after` is the `next` of the page before. */
  list(prefix: string, page: { after?: string; limit: number }): Promise<{ files: StoredFile[]; next?: string }>;
  /** Deletes an object; fine when it is not there. */
  remove(name: string): Promise<void>;
  write(name: string, content: Readable | string): Promise<void>;
  /** Undefined when there is no such object. */
  read(name: string): Promise<Readable | undefined>;
}

export const bucketFiles = (getBucket: typeof bucket): Files => ({
  list: async (prefix, { after, limit }) => {
    requireFolder(prefix);
    const page = { prefix, maxResults: limit, autoPaginate: false, ...(after !== undefined && { pageToken: after }) };
    const [found, next] = await getBucket().getFiles(page);
    const token = (next as { pageToken?: string } | null)?.pageToken;
    return {
      files: found.map(({ name, metadata }) => ({
        name,
        bytes: Number(metadata.size ?? 0),
        contentType: metadata.contentType ?? "application/octet-stream",
        updated: metadata.updated ?? "",
      })),
      ...(token !== undefined && { next: token }),
    };
  },
  remove: async (name) => {
    await getBucket().file(name).delete({ ignoreNotFound: true });
  },
  write: async (name, content) => {
    const target = getBucket()
      .file(name)
      .createWriteStream({
        resumable: false,
        metadata: { contentType: "application/octet-stream", cacheControl: "private, no-store" },
      });
    await pipeline(typeof content === "string" ? Readable.from([content]) : content, target);
  },
  read: async (name) => {
    const file = getBucket().file(name);
    const [exists] = await file.exists();
    return exists ? file.createReadStream() : undefined;
  },
});

/** `photos/1` would reach `photos/10/`: a folder's prefix ends in its slash. */
export const requireFolder = (prefix: string): void => {
  if (!prefix.endsWith("/") || prefix === "/") throw new TypeError("a folder's prefix ends in / and names a folder");
};
