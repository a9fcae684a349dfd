import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { countryDistanceKm } from "./centroids.js";
import { deviceOf } from "./device.js";
import { networkKind } from "./hosting.js";
import { DATA_FOLDER, locator } from "./locate.js";
import { readNetworkTable } from "./network-table.js";
import { parseAddress } from "./parse-address.js";

// The build's own step; does nothing when the table is up to date.
beforeAll(() => {
  execFileSync(process.execPath, [join(__dirname, "..", "..", "scripts", "pack-networks.mjs"), DATA_FOLDER]);
}, 120_000);

describe("the packed table", () => {
  const locate = locator();

  test.each([
    ["1.1.1.1", "AU", 13335],
    ["8.8.8.8", "US", 15169],
    ["193.213.112.4", "NO", 2119],
    ["::ffff:8.8.8.8", "US", 15169],
    ["2001:4860:4860::8888", "US", 15169],
    ["2a01:4f8::1", "DE", 24940],
  ])("places %s in %s on network %i", (ip, country, asn) => {
    expect(locate(ip)).toMatchObject({ country, asn });
  });

  test("names the network's operator", () => {
    expect(locate("8.8.8.8").asnName).toBe("Google LLC");
  });

  test.each([
    "10.1.2.3",
    "127.0.0.1",
    "192.168.1.1",
    "172.16.5.5",
    "198.51.100.7",
    "203.0.113.9",
    "255.255.255.255",
    "2001:db8::1",
    "::1",
    "fe80::1",
    "fc00::1",
    "0.0.0.0",
    "not an address",
    "",
  ])("does not know %j", (ip) => {
    expect(locate(ip)).toEqual({ country: "ZZ", asn: 0, asnName: "" });
  });

  test("answers for every address without failing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (ip) => {
        expect(locate(ip).country).toMatch(/^[A-Z]{2}$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("answers in microseconds", () => {
    const ips = Array.from({ length: 20_000 }, (_, n) => `${String(n % 223)}.${String(n % 251)}.${String(n % 241)}.7`);
    const started = process.hrtime.bigint();
    for (const ip of ips) locate(ip);
    expect(Number(process.hrtime.bigint() - started) / 1e3 / ips.length).toBeLessThan(50);
  });
});

test("a missing table fails, again at each try, and a foreign file is refused", () => {
  const locate = locator("/nowhere");
  expect(() => locate("8.8.8.8")).toThrow(/ENOENT/);
  expect(() => locate("8.8.8.8")).toThrow(/ENOENT/);
  expect(() => readNetworkTable(Buffer.from("something else"))).toThrow("not a network table");
});

test.each([
  ["1.2.3.4", { family: 4, high: 0x01020304, low: 0 }],
  ["255.255.255.255", { family: 4, high: 0xffffffff, low: 0 }],
  ["2001:db8:abcd::1", { family: 6, high: 0x20010db8, low: 0xabcd }],
  ["::", { family: 6, high: 0, low: 0 }],
  ["::1.2.3.4", { family: 6, high: 0, low: 0 }],
  ["64:ff9b::1.2.3.4", { family: 6, high: 0x64ff9b, low: 0 }],
  ["1.2.3", undefined],
  ["1.2.3.256", undefined],
])("parseAddress(%s)", (ip, address) => {
  expect(parseAddress(ip)).toEqual(address);
});

test("countries are as far apart as a globe says", () => {
  expect(countryDistanceKm("NO", "BR")).toBeGreaterThan(8_000);
  expect(countryDistanceKm("NO", "BR")).toBeLessThan(11_000);
  expect(countryDistanceKm("NO", "SE")).toBeLessThan(500);
  expect(countryDistanceKm("FJ", "WS")).toBeLessThan(1_500); // across the date line
  expect(countryDistanceKm("NO", "NO")).toBe(0);
  expect(countryDistanceKm("NO", "ZZ")).toBeUndefined();
});

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Chrome",
    "Windows",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    "Safari",
    "iOS",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"],
  ["", "Unknown", "Unknown"],
])("deviceOf(%j)", (userAgent, browser, os) => {
  expect(deviceOf(userAgent)).toEqual({ browser, os });
});

test("a device is told by family: a browser's next version is the same device", () => {
  const chrome = (version: number) =>
    deviceOf(
      `Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${String(version)}.0.0.0 Safari/537.36`,
    );
  expect(chrome(140)).toEqual(chrome(141));
});

test("data centres, relays and the rest are told apart", () => {
  expect([networkKind(14061), networkKind(13335), networkKind(2119)]).toEqual(["hosting", "relay", "access"]);
});
