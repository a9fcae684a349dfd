import { createRequire } from "node:module";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { deployedFunctions, type Handler } from "./deployed.ts";
import { serveGoogleKeys } from "./google-keys.ts";
import { signed } from "./jwt.ts";
import { proven, type Tokens } from "./persons.ts";
import { appCheckClaims, appCheckKey } from "./tokens.ts";
import { deps as audit } from "../../functions/src/audit/deps.js";
import { memoryPublisher } from "../../functions/src/platform/pubsub.js";
import { adminAppSdk } from "../../functions/src/platform/sdk.js";

/** What a caller sees: the callable protocol's answer, parsed and as it came. */
export interface Answer {
  readonly http: number;
  readonly text: string;
  readonly result?: unknown;
  readonly error?: { readonly status: string; readonly message: string; readonly details?: Details };
  /** The error's code, or its bare status where the SDK refused before the gate. */
  readonly code: string | undefined;
}

interface Details {
  readonly code?: string;
  readonly faults?: readonly { readonly field: string; readonly message: string }[];
  readonly [name: string]: unknown;
}

export interface Served {
  /** Calls over HTTP, proven by the device of whoever calls. */
  call(id: string, data: unknown, tokens?: Tokens): Promise<Answer>;
  /** Hosts that anything wanted to reach over HTTPS. */
  readonly asked: readonly string[];
  /** What the audit domain published, instead of Pub/Sub. */
  readonly published: readonly { readonly topic: string; readonly message: object }[];
  close(): Promise<void>;
}

interface App {
  use(handler: Handler): void;
  post(path: string, handler: Handler): void;
  listen(port: number, host: string, listening: () => void): Server;
}

// The express that the SDK itself brings, as in production.
const require = createRequire(join(__dirname, "../../functions/package.json"));
const SERVER = "express";
const express = require(SERVER) as (() => App) & { json(): Handler };

/** Mounts every exported function in one HTTP app, as the Functions Framework would, and the key source beside it. */
export const serveFunctions = async (): Promise<Served> => {
  if (process.env["FIRESTORE_EMULATOR_HOST"] === undefined) {
    throw new Error("FIRESTORE_EMULATOR_HOST is not set: run this test with `npm test -- <file>`");
  }
  const keys = await serveGoogleKeys();
  const publisher = memoryPublisher();
  Object.assign(audit(), { publisher });
  const app = express();
  app.use(express.json());
  for (const [id, handler] of deployedFunctions())
    app.post(`/${id}`, (request, response) => handler(request, response));
  const server = await new Promise<Server>((up) => {
    const starting = app.listen(0, "127.0.0.1", () => void up(starting));
  });
  // A column of the matrix may wait for longer than Node keeps an idle connection.
  server.keepAliveTimeout = 10 * 60_000;
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    asked: keys.asked,
    published: publisher.messages,
    call: async (id, data, tokens = {}) => {
      const { idToken, appCheck = goodAppCheck() } = tokens;
      const headers = {
        "content-type": "application/json",
        ...(idToken !== undefined && { authorization: `Bearer ${idToken}` }),
        ...(appCheck !== null && { "x-firebase-appcheck": appCheck }),
      };
      const body = JSON.stringify({ data: proven(id, data, tokens) });
      const response = await fetch(`${url}/${id}`, { method: "POST", headers, body });
      return answerOf(response.status, await response.text());
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await keys.close();
      const { deleteApp, getApps } = adminAppSdk();
      await Promise.all(getApps().map((open) => deleteApp(open)));
    },
  };
};

const goodAppCheck = (): string => signed(appCheckKey, appCheckClaims());

const answerOf = (http: number, text: string): Answer => {
  const body = JSON.parse(text) as Pick<Answer, "result" | "error">;
  return { http, text, ...body, code: body.error?.details?.code ?? body.error?.status };
};
