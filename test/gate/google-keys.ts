import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { appCheckKey, authKey } from "./tokens.ts";

type Wanted = { readonly hostname?: string | null; readonly host?: string | null; readonly path?: string | null };

/**
 * Stands in for the two addresses that publish Google's public keys. Everything else over HTTPS is refused, so that a
 * test which needs the internet fails; `asked` lists what was wanted.
 */
export const serveGoogleKeys = async (): Promise<{ asked: string[]; close: () => Promise<void> }> => {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const body = PUBLISHED[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": "application/json",
      "cache-control": "public, max-age=3600",
    });
    response.end(JSON.stringify(body?.() ?? { error: "not found" }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const real = https.request;
  const redirected = (wanted: Wanted, answer: (response: http.IncomingMessage) => void) => {
    const host = wanted.hostname ?? wanted.host ?? "";
    asked.push(host);
    if (!HOSTS.has(host)) throw new Error(`no test may reach ${host}`);
    return http.request({ host: "127.0.0.1", port, path: wanted.path ?? "/" }, answer);
  };
  https.request = redirected as typeof https.request;
  const close = async (): Promise<void> => {
    https.request = real;
    await new Promise((closed) => server.close(closed));
  };
  return { asked, close };
};

const HOSTS = new Set(["www.googleapis.com", "firebaseappcheck.googleapis.com"]);

const PUBLISHED: Readonly<Record<string, () => object>> = {
  "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com": () => ({
    [authKey.kid]: authKey.publicKey.export({ type: "spki", format: "pem" }),
  }),
  "/v1/jwks": () => ({
    keys: [{ ...appCheckKey.publicKey.export({ format: "jwk" }), kid: appCheckKey.kid, use: "sig", alg: "RS256" }],
  }),
};
