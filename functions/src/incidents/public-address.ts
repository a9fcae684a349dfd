import { isIP } from "node:net";
import { lazy } from "../kernel/lazy.js";
import { incidentsError } from "./errors.js";

export interface AddressDeps {
  /** Every address a name stands for. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Origins that may be reached although they are not public HTTPS. */
  readonly allowedOrigins: readonly string[];
}

/** Where a request may go: the URL, and the addresses that were checked. None when the origin is listed. */
export interface CheckedTarget {
  readonly url: URL;
  readonly addresses?: readonly string[];
}

/**
 * Refuses a target inside our own walls (server-side request forgery): only HTTPS, and only names whose every address is a
 * public one. Check again before each request and connect to the addresses checked, since a name can change its mind.
 *
 * @throws incidents/address-refused
 */
export const checkTarget = async (deps: AddressDeps, text: string): Promise<CheckedTarget> => {
  const url = parse(text);
  if (deps.allowedOrigins.includes(url.origin)) return { url };
  if (url.protocol !== "https:") throw refused("scheme");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await lookUp(deps, host) : [host];
  if (addresses.length === 0 || !addresses.every(isPublic)) throw refused("address");
  return { url, addresses };
};

const parse = (text: string): URL => {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw refused("url", cause);
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") throw refused("url");
  return url;
};

const lookUp = async ({ resolve }: AddressDeps, host: string): Promise<readonly string[]> => {
  try {
    return await resolve(host);
  } catch (cause) {
    throw refused("name", cause);
  }
};

const refused = (why: string, cause?: unknown) =>
  incidentsError("address-refused", { details: { why }, ...(cause !== undefined && { cause }) });

/** Unicast of the open internet: not private, loopback, link-local, shared, documentation, multicast, nor IPv4 hidden in IPv6. */
const isPublic = (address: string): boolean => {
  const parsed = ipaddr().process(address);
  return parsed.range() === "unicast";
};

// eslint-disable-next-line @typescript-eslint/no-require-imports -- only who registers or delivers a webhook pays for it
const ipaddr = lazy(() => require("ipaddr.js") as typeof import("ipaddr.js"));
