import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** One JSON request; the body is undefined when there was none. */
export interface JsonRequest {
  readonly verb: string;
  readonly url: URL;
  readonly body: unknown;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

const LARGEST_BODY_BYTES = 1024 * 1024;

/**
 * JSON over HTTP on 127.0.0.1 only; port 0 takes a free one. Requests whose Host is not a loopback name are refused
 * (a web page that rebinds its own name to 127.0.0.1 must not reach the keys), and so are bodies over 1 MiB.
 */
export const listenLoopback = async (
  port: number,
  answer: (request: JsonRequest) => Promise<JsonAnswer>,
): Promise<{ port: number; stop: () => Promise<void> }> => {
  const server = createServer((request, response) => {
    void answerJson(request, answer).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, stop };
};

const answerJson = async (
  request: IncomingMessage,
  answer: (request: JsonRequest) => Promise<JsonAnswer>,
): Promise<JsonAnswer> => {
  try {
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) return refuse(403, "Loopback only.");
    const text = await readBody(request);
    if (text === undefined) return refuse(413, "The body is too large.");
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    return await answer({ verb: request.method ?? "GET", url, body });
  } catch {
    return refuse(400, "The request is malformed.");
  }
};

const refuse = (status: number, message: string): JsonAnswer => ({
  status,
  body: { error: { code: status, message } },
});

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY_BYTES) chunks.push(chunk);
  }
  return size <= LARGEST_BODY_BYTES ? Buffer.concat(chunks).toString("utf8") : undefined;
};
