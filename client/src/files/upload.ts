import { isFirekeepError } from "../error.ts";
import type { Input, Output } from "../send-call.ts";
import type { Connection, Ticket } from "./connection.ts";
import { stopped } from "./patience.ts";
import { fingerprintOf, sourceOf, type UploadContent, type UploadSource } from "./upload-source.ts";

/** Where a file goes: a folder of the data map that is stored encrypted, and all values of its path. */
export interface FilePlace {
  readonly folder: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface UploadOptions {
  /** Default: the File's own. Stored encrypted. At most 255 characters. */
  readonly name?: string;
  /** Default: the Blob's own. Must be one that the folder takes. Stored encrypted. */
  readonly contentType?: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the upload; what has arrived is kept, and the same file goes on there. */
  readonly signal?: AbortSignal;
}

/** Bytes that have arrived, by whole parts. */
export interface Progress {
  readonly arrived: number;
  readonly size: number;
}

/** Parts under way at once; each is in memory while it is. */
const AT_ONCE = 3;

/**
 * Sends a file in parts, over failures of the network; the same File given again, even after a reload, goes on where it
 * stopped. A stream is sent once, part after part. Answers the file's id.
 */
export const uploadFile = async (
  connection: Connection,
  place: FilePlace,
  content: UploadContent,
  options: UploadOptions = {},
): Promise<{ file: string; size: number }> => {
  const about = aboutOf(place, content, options);
  const fingerprint = await fingerprintOf(content, [place, about.name, about.contentType]);
  const source = sourceOf(content);
  try {
    const begun = await begin(connection, about, fingerprint);
    await sendParts(connection, { begun, about, source, options });
    await source.end();
    const finished = await finish(connection, { begun, about, source, options });
    if (fingerprint !== undefined) await connection.uploads.keep(fingerprint, undefined);
    return finished;
  } catch (error) {
    await source.cancel().catch(() => undefined);
    throw error;
  }
};

type About = Input<"encryption-file-begin">;
type Begun = Output<"encryption-file-begin">;

interface Upload {
  readonly begun: Begun;
  readonly about: About;
  readonly source: UploadSource;
  readonly options: UploadOptions;
}

const aboutOf = (place: FilePlace, content: UploadContent, options: UploadOptions): About => {
  const own = content instanceof Blob ? content : undefined;
  const name = options.name ?? (own instanceof File ? own.name : undefined);
  return {
    folder: place.folder,
    params: { ...place.params },
    size: content.size,
    contentType: options.contentType ?? bareType(own?.type ?? ""),
    ...(name !== undefined && { name }),
  };
};

/** Without parameters such as `charset`. */
const bareType = (type: string): string => {
  const [bare = ""] = type.toLowerCase().split(";");
  return bare.trim() === "" ? "application/octet-stream" : bare.trim();
};

/** Goes on with the upload that this device began of the file, or begins one. */
const begin = async (connection: Connection, about: About, fingerprint: string | undefined): Promise<Begun> => {
  const known = fingerprint === undefined ? undefined : await connection.uploads.find(fingerprint);
  const call = (input: About) => connection.patiently(() => connection.call("encryption-file-begin", input), undefined);
  const resumed =
    known === undefined
      ? undefined
      : await call({ ...about, resume: known }).catch((error: unknown) => insteadOf(error, known));
  const begun = resumed ?? (await call(about));
  if (fingerprint !== undefined) await connection.uploads.keep(fingerprint, begun.file);
  return begun;
};

/** Finished, and nobody heard of it: then nothing is left to send. Given up or removed meanwhile: then it is a new upload. */
const insteadOf = (error: unknown, file: string): Begun | undefined => {
  if (isFirekeepError(error, "encryption/file-finished"))
    return { file, ticket: "", ticketExpiresAt: 0, partBytes: 0, parts: 0, arrived: [] };
  if (isFirekeepError(error, "encryption/file-unknown")) return undefined;
  throw error;
};

/** Sends what has not arrived, three parts at a time where they can be read in any order. */
const sendParts = async (connection: Connection, upload: Upload, missing = missingOf(upload.begun)): Promise<void> => {
  const { begun, about, source, options } = upload;
  const ticket = ticketOf(connection, begun, about);
  const waiting = [...missing];
  const failure = new AbortController(); // the first failure stops the others
  const signal = AbortSignal.any([failure.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  let arrived = source.size - missing.reduce((sum, part) => sum + lengthOf(begun, source, part), 0);
  const tell = (): void => options.onProgress?.({ arrived, size: source.size });
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      if (signal.aborted) throw stopped();
      const start = part * begun.partBytes;
      const body = await source.read(start, start + lengthOf(begun, source, part));
      const headers = { "content-type": "application/octet-stream", "content-digest": await digestOf(body) };
      const path = `encryption-file-upload?part=${part}`;
      const answer = await connection.send(ticket, { path, method: "PUT", headers, body, signal });
      await answer.arrayBuffer(); // read to its end, so that the connection serves the next part
      arrived += body.length;
      tell();
    }
  };
  tell();
  const workers = Array.from({ length: source.inAnyOrder ? AT_ONCE : 1 }, () => work());
  try {
    await Promise.all(workers);
  } catch (error) {
    failure.abort();
    await Promise.allSettled(workers);
    throw options.signal?.aborted === true ? stopped() : error;
  }
};

const finish = async (connection: Connection, upload: Upload): Promise<{ file: string; size: number }> => {
  const { file } = upload.begun;
  const call = () =>
    connection.patiently(() => connection.call("encryption-file-finish", { file }), upload.options.signal);
  try {
    return await call();
  } catch (error) {
    // The server counts: what it lacks is sent again, where it can be read again.
    if (!isFirekeepError(error, "encryption/file-incomplete") || !upload.source.inAnyOrder) throw error;
    await sendParts(connection, upload, (error.details["missing"] ?? []) as number[]);
    return call();
  }
};

const missingOf = ({ parts, arrived }: Begun): number[] => {
  const there = new Set(arrived);
  return Array.from({ length: parts }, (_, part) => part).filter((part) => !there.has(part));
};

const lengthOf = ({ partBytes }: Begun, { size }: UploadSource, part: number): number =>
  Math.max(0, Math.min(size, (part + 1) * partBytes) - part * partBytes);

const ticketOf = (connection: Connection, begun: Begun, about: About): Ticket => {
  let { ticket } = begun;
  let renewing: Promise<void> | undefined; // parts that were refused together ask once
  const renew = async (): Promise<void> => {
    ({ ticket } = await connection.call("encryption-file-begin", { ...about, resume: begun.file }));
  };
  return {
    current: () => ticket,
    renew: () => (renewing ??= renew().finally(() => (renewing = undefined))),
  };
};

/** RFC 9530 §2. */
const digestOf = async (body: Uint8Array<ArrayBuffer>): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
};
