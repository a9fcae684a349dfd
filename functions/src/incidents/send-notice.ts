import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import type { RequestOptions } from "node:http";
import type { CheckedTarget } from "./public-address.js";

/** Posts a body and answers the status. Follows no redirect, reads no answer. Throws when there is none in time. */
export type Send = (
  target: CheckedTarget,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly timeoutMs: number },
) => Promise<number>;

export const sendNotice: Send = async ({ url, addresses }, { headers, body, timeoutMs }) => {
  const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) },
    signal: AbortSignal.timeout(timeoutMs),
    agent: false,
    ...(addresses !== undefined && { lookup: pinned(addresses) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.on("error", reject);
    sent.end(body);
  });
};

/** Connects to the addresses that were checked, whatever the name says by now. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_host, options, done) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = found;
    if (options.all === true) done(null, found);
    else done(null, first?.address ?? "", first?.family ?? 4);
  };
