import type { CallableRequest } from "firebase-functions/v2/https";
import { config } from "../config.js";

/**
 * The caller's address: the entry that the nearest trusted hop wrote. Anything further left is what the caller claims.
 *
 * @param trustedProxies addresses that our own proxies append on the right
 */
export const clientAddress = (
  forwardedFor: string | undefined,
  remote: string | undefined,
  trustedProxies: number,
): string => {
  const hops = (forwardedFor ?? "")
    .split(",")
    .map((hop) => hop.trim())
    .filter((hop) => hop !== "");
  return hops[hops.length - 1 - trustedProxies] ?? remote ?? "0.0.0.0";
};

/** The address a callable was called from. */
export const callerAddress = ({ rawRequest }: CallableRequest): string =>
  clientAddress(String(rawRequest.headers["x-forwarded-for"] ?? ""), rawRequest.ip, config.functions.trustedProxies);
