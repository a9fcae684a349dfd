import { isIPv4, isIPv6 } from "node:net";

/** The upper 32 bits of an address, and of IPv6 the 16 below them: what an announced network is told apart by. */
export interface Address {
  readonly family: 4 | 6;
  readonly high: number;
  readonly low: number;
}

/** Undefined for what is no address. IPv4 inside IPv6 (`::ffff:a.b.c.d`) counts as IPv4. */
export const parseAddress = (ip: string): Address | undefined => {
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (isIPv4(inner)) {
    return { family: 4, high: inner.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), low: 0 };
  }
  if (!isIPv6(inner)) return undefined;
  const [first = 0, second = 0, third = 0] = groups(inner);
  return { family: 6, high: first * 65_536 + second, low: third };
};

/** The first three groups of an IPv6 address. */
const groups = (ip: string): number[] => {
  const [head = "", tail] = ip.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  // A dotted tail stands for two groups.
  const width = right.length + (right.at(-1)?.includes(".") === true ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - width);
  return [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 3).map((group) => Number.parseInt(group, 16));
};
