import { isIPv6 } from "node:net";

/** The network an address belongs to: /24, or /48 in IPv6. Coarse enough to keep, fine enough to count. */
export const networkPrefix = (ip: string): string => {
  if (isIPv6(ip)) {
    const mapped = /^::ffff:(\d+\.\d+\.\d+)\.\d+$/i.exec(ip)?.[1];
    if (mapped !== undefined) return `${mapped}.0/24`;
    return `${expandIpv6(ip).slice(0, 3).join(":")}::/48`;
  }
  return `${ip.split(".").slice(0, 3).join(".")}.0/24`;
};

const expandIpv6 = (ip: string): string[] => {
  const [head = "", tail] = ip.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
};
