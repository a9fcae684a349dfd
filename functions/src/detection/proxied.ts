import type { EpochMs } from "../kernel/time.js";
import { MINUTE } from "../kernel/time.js";
import type { ActivityEntry } from "./activity-entry.js";

/**
 * The password proxy's own requests are in Firebase's activity log too, and it has told of them already: counted again, one
 * wrong password would be two. So the proxy signs its user agent, for one address and moment: whoever calls Firebase directly
 * cannot pass for it, and a copied one covers nothing but the same address for a few minutes.
 */
interface SignDeps {
  readonly keyedHash: (label: string, value: string) => Promise<Uint8Array>;
}

/** What the proxy calls itself when it asks Firebase about this address. */
export const signAgent = async (deps: SignDeps, email: string, at: EpochMs): Promise<string> =>
  `firekeep-proxy/1 ${String(at)}.${await signatureOf(deps, email, at)}`;

/** Whether the entry is about a request of the proxy's. */
export const isProxied = async (deps: SignDeps, entry: ActivityEntry, email: string): Promise<boolean> => {
  const [, at = "", signature] = AGENT.exec(entry.userAgent ?? "") ?? [];
  if (signature === undefined || !near(Date.parse(entry.timestamp), Number(at))) return false;
  return signature === (await signatureOf(deps, email, Number(at)));
};

const AGENT = /firekeep-proxy\/1 (\d{13})\.([\w-]{43})(?:$|\s)/;
const near = (one: EpochMs, other: EpochMs): boolean => Math.abs(one - other) <= 2 * MINUTE;

const signatureOf = async ({ keyedHash }: SignDeps, email: string, at: EpochMs): Promise<string> =>
  Buffer.from(await keyedHash("detection.proxied", `${String(at)} ${email}`)).toString("base64url");
