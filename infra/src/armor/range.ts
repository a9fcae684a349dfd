import { BlockList, isIP } from "node:net";

export interface Range {
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** `203.0.113.0/24` or `2001:db8::/32`; undefined when it is no range, or has bits set right of its prefix. */
export const parseRange = (range: string): Range | undefined => {
  const parts = /^([^/]+)\/([0-9]{1,3})$/.exec(range);
  const address = parts?.[1] ?? "";
  const prefix = Number(parts?.[2]);
  const version = isIP(address);
  if (version === 0 || !(prefix <= (version === 4 ? 32 : 128))) return undefined;
  if (version === 4 && hasHostBits(address, prefix)) return undefined;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
};

/** Whether the address lies in the range. A range or address that is none contains nothing. */
export const inRange = (address: string, range: string): boolean => {
  const parsed = parseRange(range);
  const version = isIP(address);
  if (parsed === undefined || version === 0) return false;
  const block = new BlockList();
  block.addSubnet(parsed.address, parsed.prefix, parsed.family);
  return block.check(address, version === 4 ? "ipv4" : "ipv6");
};

const hasHostBits = (address: string, prefix: number): boolean => {
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return bits % 2 ** (32 - prefix) !== 0;
};
