import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createFirekeep } from "../firekeep.ts";
import { memoryDeviceStore } from "../device-store.ts";
import { testServer, type Answer, type Arrived } from "../testkit.ts";
import type { FileOptions } from "./connection.ts";
import { memoryUploads } from "./upload-store.ts";

interface Stored {
  readonly about: Readonly<Record<string, unknown>>;
  readonly size: number;
  readonly parts: Map<number, Buffer>;
  finished: boolean;
}

/** What happens to the next request: an answer of this status, a cut connection, or a download that breaks after some bytes. */
export type Fault = number | "cut" | { readonly breakAfter: number };

/** Firekeep's file functions as the contract has them, in memory, with parts of 1 000 bytes and faults on demand. */
export const fakeFiles = async () => {
  const files = new Map<string, Stored>();
  const tickets = new Map<string, string>();
  const seen: string[] = [];
  const faults: Fault[] = [];
  let busy = 0;
  let busiest = 0;
  const ticketFor = (file: string): string => {
    const ticket = randomUUID();
    tickets.set(ticket, file);
    return ticket;
  };
  const calls: Record<string, (data: Readonly<Record<string, unknown>>) => Answer> = {
    "encryption-file-begin": ({ resume, ...about }) => {
      const file = typeof resume === "string" ? resume : randomUUID();
      if (resume === undefined)
        files.set(file, { about, size: Number(about["size"]), parts: new Map(), finished: false });
      const stored = files.get(file);
      if (stored === undefined) return { refuse: "encryption/file-unknown" };
      if (stored.finished) return { refuse: "encryption/file-finished" };
      return { result: { file, ticket: ticketFor(file), ticketExpiresAt: 0, ...layoutOf(stored) } };
    },
    "encryption-file-finish": ({ file }) => {
      const stored = files.get(String(file));
      if (stored === undefined) return { refuse: "encryption/file-unknown" };
      if (stored.finished) return { result: { file, size: stored.size } };
      const { parts, arrived } = layoutOf(stored);
      const missing = Array.from({ length: parts }, (_, part) => part).filter((part) => !arrived.includes(part));
      if (missing.length > 0) return { refuse: "encryption/file-incomplete", details: { missing } };
      stored.finished = true;
      return { result: { file, size: stored.size } };
    },
    "encryption-file-open": ({ file }) => {
      const stored = files.get(String(file));
      if (stored === undefined) return { refuse: "encryption/file-unknown" };
      const { size, about } = stored;
      const { contentType, name } = about;
      return { result: { ticket: ticketFor(String(file)), ticketExpiresAt: 0, size, contentType, name } };
    },
    "encryption-file-list": () => ({ result: { files: [...files.keys()].map((file) => ({ file })) } }),
    "encryption-file-remove": ({ file }) => ({ result: { removed: files.delete(String(file)) } }),
  };
  const put = async (request: IncomingMessage, response: ServerResponse, stored: Stored): Promise<void> => {
    const part = Number(new URL(request.url ?? "", "http://x").searchParams.get("part"));
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const digest = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
    if (request.headers["content-digest"] !== digest) return void refuse(response, 422, "encryption/file-digest");
    if (body.length !== Math.max(0, Math.min(1000, stored.size - part * 1000)))
      return void refuse(response, 413, "encryption/part-too-long");
    stored.parts.set(part, body);
    response.end(JSON.stringify({ part, arrived: [...stored.parts.keys()] }));
  };
  const get = (
    request: IncomingMessage,
    response: ServerResponse,
    stored: Stored,
    breakAfter: number | undefined,
  ): void => {
    const whole = Buffer.concat([...stored.parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const body = from === undefined ? whole : whole.subarray(Number(from), Number(to) + 1);
    response.writeHead(from === undefined ? 200 : 206, { "content-length": body.length });
    if (breakAfter === undefined) response.end(body);
    else response.write(body.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
  };
  const serve = (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = (request.url ?? "").split("/").at(-1) ?? "";
    if (!/^encryption-file-(upload|download)/.test(path)) return false;
    seen.push(
      `${request.method ?? ""} ${path}${request.headers.range === undefined ? "" : ` ${request.headers.range}`}`,
    );
    busiest = Math.max(busiest, (busy += 1));
    response.on("close", () => (busy -= 1));
    const fault = faults.shift();
    const stored = files.get(tickets.get((request.headers.authorization ?? "").replace("Bearer ", "")) ?? "");
    if (fault === "cut") request.destroy();
    else if (typeof fault === "number") refuse(response, fault, "encryption/file-refused");
    else if (stored === undefined) refuse(response, 401, "encryption/ticket-unknown");
    else if (request.method === "PUT") void put(request, response, stored);
    else get(request, response, stored, fault?.breakAfter);
    return true;
  };
  const server = await testServer(({ id, data }: Arrived) => calls[id]?.(data) ?? { refuse: "request/unknown" }, serve);
  const device = memoryDeviceStore();
  const options: FileOptions = {
    firekeep: createFirekeep(server.functions, { device }),
    baseUrl: server.url,
    uploads: memoryUploads(),
    patience: { firstWaitMs: 1, attempts: 4 },
  };
  return {
    options,
    /** Requests of the HTTPS functions, as `PUT encryption-file-upload?part=0`. */
    seen,
    faults,
    files,
    busiest: () => busiest,
    /** All tickets end now. */
    endTickets: () => tickets.clear(),
    callsOf: server.of,
    contentOf: (file: string) =>
      Buffer.concat([...(files.get(file)?.parts ?? [])].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)),
    close: server.close,
  };
};

const layoutOf = ({ size, parts }: Stored) => ({
  partBytes: 1000,
  parts: Math.max(1, Math.ceil(size / 1000)),
  arrived: [...parts.keys()],
});

const refuse = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { "content-type": "application/json", ...(status === 429 && { "retry-after": "0" }) });
  response.end(JSON.stringify({ error: { code, message: "refused" } }));
};
