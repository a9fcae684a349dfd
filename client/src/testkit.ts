import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { deleteApp, initializeApp } from "firebase/app";
import { connectFunctionsEmulator, getFunctions, type Functions } from "firebase/functions";
import { decodeJwt, decodeProtectedHeader } from "jose";

/** A call as it arrived. */
export interface Arrived {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The proof's payload, undefined when there was none. */
  readonly proof: Readonly<Record<string, unknown>> | undefined;
  readonly key: unknown;
}

/** What a test's server says to a call: an answer, or a refusal by its code. */
export type Answer = { readonly result: unknown } | { readonly refuse: string; readonly details?: object };

export interface TestServer {
  readonly functions: Functions;
  /** Where its functions are. */
  readonly url: string;
  readonly arrived: readonly Arrived[];
  readonly of: (id: string) => readonly Arrived[];
  readonly close: () => Promise<void>;
}

/**
 * The callable protocol over HTTP, so that the real SDK is between the client and the test. `serve` answers what is no call:
 * false when it does not either.
 */
export const testServer = async (
  answer: (call: Arrived) => Answer,
  serve: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<TestServer> => {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    if (serve(request, response)) return;
    void readCall(request).then((call) => {
      arrived.push(call);
      const said = answer(call);
      const isRefusal = "refuse" in said;
      response.writeHead(isRefusal ? 403 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(isRefusal ? refusal(said) : { result: said.result }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const app = initializeApp({ projectId: "demo", apiKey: "k", appId: "a" }, `test-${String(port)}`);
  const functions = getFunctions(app, "europe-west1");
  connectFunctionsEmulator(functions, "127.0.0.1", port);
  const close = async (): Promise<void> => {
    await deleteApp(app);
    await ended(server);
  };
  const url = `http://127.0.0.1:${String(port)}/demo/europe-west1`;
  return { functions, url, arrived, of: (id) => arrived.filter((call) => call.id === id), close };
};

const readCall = async (request: IncomingMessage): Promise<Arrived> => {
  let body = "";
  for await (const part of request) body += String(part);
  const { data } = JSON.parse(body) as { data: Record<string, unknown> };
  const { _proof: proof } = data;
  return {
    id: (request.url ?? "").split("/").at(-1) ?? "",
    data,
    proof: typeof proof === "string" ? decodeJwt(proof) : undefined,
    key: typeof proof === "string" ? decodeProtectedHeader(proof).jwk : undefined,
  };
};

const refusal = ({ refuse, details }: { refuse: string; details?: object }) => ({
  error: { status: "PERMISSION_DENIED", message: "refused", details: { code: refuse, ...details } },
});

const ended = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
