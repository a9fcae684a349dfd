import type { RequestOptions } from "node:http";
import { isIP, type LookupFunction } from "node:net";
import type { CheckedTarget } from "./public-address.js";

/** Posts a body. Follows no redirect, reads no answer but its status. Throws when there is none in time. */
export type Post = (
  target: CheckedTarget,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly timeoutMs: number },
) => Promise<number>;

/** `content-type` is JSON unless the headers say another. */
export const post: Post = async ({ url, addresses }, { headers, body, timeoutMs }) => {
  const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const options: RequestOptions = {
    method: "POST",
    headers: { "content-type": "application/json", ...headers, "content-length": String(Buffer.byteLength(body)) },
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
