import { parseAddress } from "./parse-address.js";
import { UNKNOWN_PLACE, type Place } from "./place.js";

/**
 * Reads the table that `scripts/pack-networks.mjs` packs. Little-endian 32-bit words:
 * `FKN1`, counts of IPv4 segments, IPv6 segments and networks; IPv4 starts, values; IPv6 starts (upper 32 of 48 bits), values;
 * network numbers, name offsets; then 16-bit words: IPv6 starts (lower 16 bits); then 256 country codes, names in UTF-8.
 * A segment reaches to the next one's start. A value is `network index << 8 | country index`; index 0 is "unknown".
 *
 * @throws Error when the bytes are not such a table
 */
export const readNetworkTable = (file: Buffer): ((ip: string) => Place) => {
  if (file.toString("latin1", 0, 4) !== "FKN1") throw new Error("not a network table");
  // A copy at offset 0: typed arrays need alignment, and small files live in a shared pool.
  const bytes = new Uint8Array(file).buffer;
  let offset = 4;
  const words = (count: number): Uint32Array => {
    const view = new Uint32Array(bytes, offset, count);
    offset += 4 * count;
    return view;
  };
  const [v4Count = 0, v6Count = 0, networkCount = 0] = words(3);
  const v4 = { high: words(v4Count), values: words(v4Count) };
  const v6 = { high: words(v6Count), values: words(v6Count) };
  const numbers = words(networkCount);
  const nameOffsets = words(networkCount + 1);
  const v6Low = new Uint16Array(bytes, offset, v6Count);
  const codes = offset + 2 * v6Count;
  const names = codes + 512;

  const placeOf = (value: number): Place => {
    const country = (value & 0xff) * 2 + codes;
    const network = value >>> 8;
    return {
      country: file.toString("latin1", country, country + 2),
      asn: numbers[network] ?? 0,
      asnName: file.toString("utf8", names + (nameOffsets[network] ?? 0), names + (nameOffsets[network + 1] ?? 0)),
    };
  };

  return (ip) => {
    const address = parseAddress(ip);
    if (address === undefined) return UNKNOWN_PLACE;
    if (address.family === 4) return placeOf(v4.values[lastAtMost(v4.high, address.high)] ?? 0);
    return placeOf(v6.values[lastAtMost(v6.high, address.high, v6Low, address.low)] ?? 0);
  };
};

/** Index of the last segment that starts at or before the address. The first starts at 0. */
const lastAtMost = (high: Uint32Array, wanted: number, low?: Uint16Array, wantedLow = 0): number => {
  let [from, to] = [0, high.length - 1];
  while (from < to) {
    const middle = (from + to + 1) >>> 1;
    const start = high[middle] ?? 0;
    const after = start > wanted || (start === wanted && (low?.[middle] ?? 0) > wantedLow);
    if (after) to = middle - 1;
    else from = middle;
  }
  return from;
};
