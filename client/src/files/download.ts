import { FirekeepError } from "../error.ts";
import type { Connection, Ticket } from "./connection.ts";
import { noConnection } from "./patience.ts";
import type { Progress } from "./upload.ts";

export interface DownloadOptions {
  /** Bytes from `start` up to, not including, `end`. Default: all. */
  readonly range?: { readonly start: number; readonly end?: number };
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Download {
  readonly contentType: string;
  readonly name?: string;
  /** Of the whole file, bytes. */
  readonly size: number;
  /** The content, once. Fetched as it is read; a connection that breaks is taken up where it broke. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The same as a Blob, instead of the stream. */
  readonly blob: () => Promise<Blob>;
}

/** Opens a file and begins to fetch it. The server puts on record who opened it. */
export const downloadFile = async (
  connection: Connection,
  file: string,
  options: DownloadOptions = {},
): Promise<Download> => {
  const open = () => connection.patiently(() => connection.call("encryption-file-open", { file }), options.signal);
  const opened = await open();
  let { ticket } = opened;
  const renewing: Ticket = {
    current: () => ticket,
    renew: async () => {
      ({ ticket } = await open());
    },
  };
  const { size, contentType, name } = opened;
  const { start = 0, end = size } = options.range ?? {};
  const range = { start: Math.min(start, size), end: Math.min(end, size), size };
  const stream = fetched(connection, { ticket: renewing, file, range, options });
  return {
    size,
    contentType,
    ...(name !== undefined && { name }),
    stream,
    blob: async () => new Blob([await new Response(stream).arrayBuffer()], { type: contentType }),
  };
};

interface Fetching {
  readonly ticket: Ticket;
  readonly file: string;
  readonly range: { readonly start: number; readonly end: number; readonly size: number };
  readonly options: DownloadOptions;
}

/** Pulls chunk by chunk; after a failure it asks for the rest. Only failures in a row, with nothing between, count. */
const fetched = (
  connection: Connection,
  { ticket, file, range, options }: Fetching,
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const { onProgress, signal } = options;
  let at = range.start;
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  const request = async () => {
    const whole = at === 0 && range.end === range.size;
    const headers = { range: `bytes=${at}-${range.end - 1}`, "if-range": `"${file}"` };
    const response = await connection.send(ticket, {
      path: "encryption-file-download",
      method: "GET",
      signal,
      ...(!whole && { headers }),
    });
    if (response.body === null || response.status !== (whole ? 200 : 206)) throw changed();
    return response.body.getReader();
  };
  const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
    try {
      reader ??= await request();
      const { done, value } = await reader.read().catch(noConnection);
      return done ? noConnection(undefined) : value;
    } catch (error) {
      reader = undefined;
      throw error;
    }
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (out) => {
      if (at >= range.end) return void out.close();
      const chunk = await connection.patiently(next, signal);
      at += chunk.length;
      if (at > range.end) throw changed();
      out.enqueue(chunk);
      onProgress?.({ arrived: at - range.start, size: range.end - range.start });
      if (at === range.end) out.close();
    },
    cancel: async (reason) => reader?.cancel(reason),
  });
};

const changed = (): FirekeepError =>
  new FirekeepError("client/download-changed", "The file is not what it was a moment ago.", {}, undefined);
