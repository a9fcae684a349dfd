import { isIP } from "node:net";
import { readVariable } from "../config.js";
import { lazy } from "../kernel/lazy.js";

export interface AddressDeps {
  /** Every address a name stands for. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Origins that may be reached although they are not public HTTPS. */
  readonly allowedOrigins: readonly string[];
  /** The caller's own error for a target that is refused. `why`: `url`, `scheme`, `name` or `address`. */
  readonly refuse: (why: string, cause?: unknown) => Error;
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
 * @throws what `deps.refuse` makes
 */
export const checkTarget = async (deps: AddressDeps, text: string): Promise<CheckedTarget> => {
  const url = parse(deps, text);
  if (deps.allowedOrigins.includes(url.origin)) return { url };
  if (url.protocol !== "https:") throw deps.refuse("scheme");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await lookUp(deps, host) : [host];
  if (addresses.length === 0 || !addresses.every(isPublic)) throw deps.refuse("address");
  return { url, addresses };
};

const parse = ({ refuse }: AddressDeps, text: string): URL => {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw refuse("url", cause);
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") throw refuse("url");
  return url;
};

const lookUp = async ({ resolve, refuse }: AddressDeps, host: string): Promise<readonly string[]> => {
  try {
    return await resolve(host);
  } catch (cause) {
    throw refuse("name", cause);
  }
};

/** Unicast of the open internet: not private, loopback, link-local, shared, documentation, multicast, nor IPv4 hidden in IPv6. */
const isPublic = (address: string): boolean => {
  const parsed = ipaddr().process(address);
  return parsed.range() === "unicast";
};

// eslint-disable-next-line @typescript-eslint/no-require-imports -- only who posts to a foreign address pays for it
const ipaddr = lazy(() => require("ipaddr.js") as typeof import("ipaddr.js"));

/** By the system's resolver, as a connection would. */
export const resolveHost = async (host: string): Promise<readonly string[]> => {
  const { lookup } = await import("node:dns/promises");
  return (await lookup(host, { all: true })).map(({ address }) => address);
};

/** Origins that FIREKEEP_WEBHOOK_ORIGINS lists. */
export const allowedOrigins = (): readonly string[] =>
  (readVariable("FIREKEEP_WEBHOOK_ORIGINS") ?? "")
    .split(",")
    .map((origin) => origin.trim())
    .filter(Boolean);
