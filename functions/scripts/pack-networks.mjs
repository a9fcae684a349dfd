/**
 * Packs "which country, which network (ASN)" for every address into one file that a function can read in milliseconds:
 *
 *     node functions/scripts/pack-networks.mjs functions/lib/data
 *
 * Sources (both development dependencies of functions/, licences in NOTICE): @ip-location-db/geo-whois-asn-country-mmdb and
 * @ip-location-db/asn. Does nothing when the file is already of these versions. The format is described in
 * functions/src/detection/network-table.ts, which reads it.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { Reader } from "mmdb-lib";

const FORMAT = 2;
const NAME_LENGTH = 32;
const require = createRequire(import.meta.url);

const folderOf = (name) => dirname(require.resolve(`${name}/package.json`));
const versionOf = (name) => JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")).version;

const ASN = "@ip-location-db/asn";
const COUNTRY = "@ip-location-db/geo-whois-asn-country-mmdb";

const main = (folder) => {
  const stamp = JSON.stringify({ format: FORMAT, [ASN]: versionOf(ASN), [COUNTRY]: versionOf(COUNTRY) });
  const [table, stampFile] = [join(folder, "networks.bin"), join(folder, "networks.json")];
  if (existsSync(table) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return "up to date";
  mkdirSync(folder, { recursive: true });
  const bytes = pack();
  // By rename, so that a run that is killed, or two at once, never leave half a table.
  const draft = `${table}.${String(process.pid)}`;
  writeFileSync(draft, bytes);
  renameSync(draft, table);
  writeFileSync(stampFile, stamp);
  return `${(bytes.length / 1e6).toFixed(1)} MB`;
};

const pack = () => {
  const asns = indexer([0, ""], ([number]) => number);
  const countries = indexer("ZZ", (code) => code);
  const v4 = merge(
    1n << 32n,
    asnSegments("asn-ipv4-num.csv", asns, 0n),
    countrySegments("ipv4", countries, 32),
    nowhere(NOWHERE_4),
  );
  const v6 = merge(
    1n << 48n,
    asnSegments("asn-ipv6-num.csv", asns, 80n),
    countrySegments("ipv6", countries, 128),
    nowhere(NOWHERE_6),
  );
  return encode({ v4, v6, asns: asns.values, countries: countries.values });
};

/** Ranges that are nowhere on the internet (RFC 6890), whatever the sources say: first and last, in order. */
const NOWHERE_4 = [
  [0x00000000n, 0x00ffffffn], // this network
  [0x0a000000n, 0x0affffffn], // private
  [0x64400000n, 0x647fffffn], // carrier-grade NAT
  [0x7f000000n, 0x7fffffffn], // loopback
  [0xa9fe0000n, 0xa9feffffn], // link-local
  [0xac100000n, 0xac1fffffn], // private
  [0xc0000000n, 0xc00000ffn], // protocol assignments
  [0xc0000200n, 0xc00002ffn], // documentation
  [0xc0a80000n, 0xc0a8ffffn], // private
  [0xc6120000n, 0xc613ffffn], // benchmarks
  [0xc6336400n, 0xc63364ffn], // documentation
  [0xcb007100n, 0xcb0071ffn], // documentation
  [0xe0000000n, 0xffffffffn], // multicast, reserved
];

/** The same of the upper 48 bits of IPv6: only 2000::/3 is given out. */
const NOWHERE_6 = [
  [0n, 0x1fffffffffffn],
  [0x20010db80000n, 0x20010db8ffffn], // documentation
  [0x400000000000n, 0xffffffffffffn],
];

const nowhere = (ranges) => {
  const segments = [[0n, 0]];
  for (const [first, last] of ranges) {
    push(segments, first, 1);
    push(segments, last + 1n, 0);
  }
  return segments;
};

/** Numbers distinct values in order of appearance; 0 is "unknown". */
const indexer = (unknown, keyOf) => {
  const values = [unknown];
  const known = new Map([[keyOf(unknown), 0]]);
  return {
    values,
    of: (value) => {
      const key = keyOf(value);
      const found = known.get(key);
      if (found !== undefined) return found;
      known.set(key, values.length);
      return values.push(value) - 1;
    },
  };
};

/** Ranges of the CSV as segments `[start, value]` without gaps. IPv6 keeps the upper 48 bits: what is announced on the internet. */
const asnSegments = (file, asns, shift) => {
  const segments = [[0n, 0]];
  for (const line of readFileSync(join(folderOf(ASN), file), "utf8").split("\n")) {
    const [, start, end, number, name] = /^(\d+),(\d+),(\d+),(.*)$/.exec(line) ?? [];
    if (start === undefined) continue;
    push(segments, BigInt(start) >> shift, asns.of([Number(number), unquote(name)]));
    push(segments, (BigInt(end) >> shift) + 1n, 0);
  }
  return segments;
};

const unquote = (text) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

/** A later segment that starts where the last one does takes its place (the gap before it was empty). */
const push = (segments, start, value) => {
  const last = segments[segments.length - 1];
  if (start < last[0]) return;
  if (start === last[0]) last[1] = value;
  else segments.push([start, value]);
};

/** Walks the tree of the MMDB by asking for the address after each answer's prefix. */
const countrySegments = (family, countries, bits) => {
  const reader = new Reader(readFileSync(join(folderOf(COUNTRY), `geo-whois-asn-country-${family}.mmdb`)));
  const segments = [];
  const text = bits === 32 ? ipv4Text : ipv6Text;
  const shift = bits === 32 ? 0n : 80n;
  for (let at = 0n; at < 1n << BigInt(bits);) {
    const [data, length] = reader.getWithPrefixLength(text(at));
    const code = data?.country_code;
    const value = typeof code === "string" && /^[A-Z]{2}$/.test(code) ? countries.of(code) : 0;
    if (segments.length === 0) segments.push([0n, value]);
    else push(segments, at >> shift, value);
    at += 1n << BigInt(bits - length);
  }
  return segments;
};

const ipv4Text = (value) => [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
const ipv6Text = (value) => value.toString(16).padStart(32, "0").match(/.{4}/g).join(":");

/** One list of segments with both values, `asn << 8 | country`, 0 where it is nowhere; equal neighbours become one. */
const merge = (end, ...lists) => {
  const merged = [];
  const at = lists.map(() => 0);
  for (;;) {
    const start = lists.map((list, index) => list[at[index]]?.[0]).reduce(earlier);
    if (start === undefined) return merged;
    lists.forEach((list, index) => (at[index] += list[at[index]]?.[0] === start ? 1 : 0));
    const [asn, country, none] = lists.map((list, index) => list[at[index] - 1]?.[1] ?? 0);
    const value = none === 1 ? 0 : (asn << 8) | country;
    if (start < end && merged.at(-1)?.[1] !== value) merged.push([start, value]);
  }
};

const earlier = (a, b) => (a === undefined ? b : b === undefined || a < b ? a : b);

const encode = ({ v4, v6, asns, countries }) => {
  if (countries.length > 256 || asns.length >= 2 ** 24)
    throw new Error("the table's value is 24 bits of network and 8 of country");
  const names = asns.map(([, name]) => Buffer.from(name.slice(0, NAME_LENGTH), "utf8"));
  let offset = 0;
  const offsets = [0, ...names.map((name) => (offset += name.length))];
  const codes = Buffer.alloc(512, "ZZ");
  countries.forEach((code, index) => codes.write(code, index * 2, "latin1"));
  return Buffer.concat([
    Buffer.from("FKN1", "latin1"),
    words([v4.length, v6.length, asns.length]),
    words(v4.map(([start]) => Number(start))),
    words(v4.map(([, value]) => value)),
    words(v6.map(([start]) => Number(start >> 16n))),
    words(v6.map(([, value]) => value)),
    words(asns.map(([number]) => number)),
    words(offsets),
    Buffer.from(Uint16Array.from(v6.map(([start]) => Number(start & 0xffffn))).buffer),
    codes,
    ...names,
  ]);
};

const words = (numbers) => Buffer.from(Uint32Array.from(numbers).buffer);

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("usage: node functions/scripts/pack-networks.mjs <folder, such as functions/lib/data>\n");
  process.exitCode = 2;
} else {
  process.stdout.write(`networks: ${main(resolve(folder))}\n`);
}
