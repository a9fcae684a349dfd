/**
 * The caller's address: the entry that the nearest trusted hop wrote. Anything further left is what the caller claims.
 *
 * @param trustedProxies addresses that our own proxies append on the right
 */
export const clientAddress = (forwardedFor: string | undefined, remote: string | undefined, trustedProxies: number): string => {
  const hops = (forwardedFor ?? "").split(",").map((hop) => hop.trim()).filter((hop) => hop !== "");
  return hops[hops.length - 1 - trustedProxies] ?? remote ?? "0.0.0.0";
};
