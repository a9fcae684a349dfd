import { sha256, toBase64url } from "../base64url.ts";
import { concat, utf8, type Bytes } from "../bytes.ts";
import { FirekeepError } from "../error.ts";

/** What is sent: a Blob, of which any part can be read again, or a stream, which is read once from beginning to end. */
export type UploadContent = Blob | { readonly size: number; readonly stream: ReadableStream<Uint8Array> };

/** Answers parts of the content. A stream's only in order. */
export interface UploadSource {
  readonly size: number;
  readonly inAnyOrder: boolean;
  readonly read: (start: number, end: number) => Promise<Bytes>;
  /** Called when all was read. @throws FirekeepError `client/upload-length` for a stream that goes on */
  readonly end: () => Promise<void>;
  readonly cancel: () => Promise<void>;
}

export const sourceOf = (content: UploadContent): UploadSource =>
  content instanceof Blob ? blobSource(content) : streamSource(content.size, content.stream.getReader());

/**
 * Tells files apart by where they go, name, type, size, date and the hashes of their first and last 64 KiB; nothing of it can
 * be read from the result. Undefined for a stream: it cannot be sent again.
 */
export const fingerprintOf = async (content: UploadContent, where: readonly unknown[]): Promise<string | undefined> => {
  if (!(content instanceof Blob)) return undefined;
  const ends = [content.slice(0, EDGE), content.slice(Math.max(0, content.size - EDGE))];
  const edges = await Promise.all(ends.map(async (end) => hashOf(await bytesOf(end))));
  const date = content instanceof File ? content.lastModified : 0;
  return sha256(JSON.stringify([...where, content.size, content.type, date, ...edges]));
};

const EDGE = 64 * 1024;

const hashOf = async (bytes: Bytes): Promise<string> =>
  toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", concat(utf8("edge"), bytes))));

const bytesOf = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer());

const blobSource = (blob: Blob): UploadSource => ({
  size: blob.size,
  inAnyOrder: true,
  read: async (start, end) =>
    bytesOf(blob.slice(start, end)).catch((cause: unknown) => {
      // Browsers refuse to read a file that was changed since it was chosen.
      throw new FirekeepError(
        "client/upload-unreadable",
        "The file cannot be read any more. Choose it again.",
        {},
        cause,
      );
    }),
  end: () => Promise.resolve(),
  cancel: () => Promise.resolve(),
});

const streamSource = (size: number, reader: ReadableStreamDefaultReader<Uint8Array>): UploadSource => {
  let kept: Uint8Array = new Uint8Array(0);
  const next = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    if (!done) kept = value;
    return !done;
  };
  return {
    size,
    inAnyOrder: false,
    read: async (start, end) => {
      const part = new Uint8Array(end - start);
      for (let at = 0; at < part.length;) {
        if (kept.length === 0 && !(await next())) throw wrongLength();
        const taken = kept.subarray(0, part.length - at);
        part.set(taken, at);
        kept = kept.subarray(taken.length);
        at += taken.length;
      }
      return part;
    },
    end: async () => {
      while (kept.length === 0) if (!(await next())) return;
      throw wrongLength();
    },
    cancel: () => reader.cancel(),
  };
};

const wrongLength = (): FirekeepError =>
  new FirekeepError("client/upload-length", "The stream is not as long as was said.", {}, undefined);
