import { describe, expect, test } from "@jest/globals";
import { ConfigFaults, STACKS, parseStackConfig } from "../src/config.ts";
import { stackFile } from "./stack-file.ts";

const faultsOf = (stack: string, raw: unknown): readonly string[] => {
  try {
    parseStackConfig(stack, raw);
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
};

/** The stack's own file with some settings replaced; `undefined` takes a setting away. */
const changed = (stack: string, changes: Readonly<Record<string, unknown>>): unknown => {
  const copy = JSON.parse(JSON.stringify(stackFile(stack))) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) set(copy, path.split("."), value);
  return copy;
};

const set = (target: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown): void => {
  if (rest.length > 0) set(target[key] as Record<string, unknown>, rest, value);
  else target[key] = value;
};

test.each(STACKS)("accepts Pulumi.%s.yaml as it stands", (stack) => {
  expect(parseStackConfig(stack, stackFile(stack))).toMatchObject({ stack, residency: "europe" });
});

describe("a wrong configuration", () => {
  test("is refused with all its faults at once, each with its place", () => {
    const raw = changed("prod", {
      project: "Prod!",
      "locations.keys": 7,
      hosts: ["API.example.com", "https://x"],
      deployers: [],
      "keys.destroyDelayDays": 0,
      "evidence.retentionDays": "long",
      "admin.ranges": ["203.0.113.7/24", "0.0.0.0/0"],
      "armor.enforcedWafSets": ["sqli", "everything"],
      colour: "red",
      budget: "none",
    });
    expect(faultsOf("prod", raw)).toEqual([
      "colour: is not a setting",
      'project: "Prod!" is not a project id',
      "locations.keys: 7 is not a list",
      'hosts.0: "API.example.com" is not a lower-case host name',
      'hosts.1: "https://x" is not a lower-case host name',
      "deployers: has 0 entries, not 1 to 10",
      "keys.destroyDelayDays: 0 is not a whole number from 1 to 120",
      'evidence.retentionDays: "long" is not a whole number from 1 to 3650',
      "admin.ranges.0: is not an address range such as 203.0.113.0/24",
      "admin.ranges.1: is wider than /8 (IPv4) or /20 (IPv6)",
      expect.stringMatching(/^armor\.enforcedWafSets\.1: "everything" is not one of sqli, /),
      "budget: prod has one",
    ]);
  });

  test("shows every fault in the message that the operator sees", () => {
    expect(() => parseStackConfig("prod", changed("prod", { project: 1, hosts: 2 }))).toThrow(
      /2 fault\(s\):\n {2}- project: .*\n {2}- hosts: /,
    );
  });

  test("fills no gap by a default", () => {
    const raw = stackFile("dev") as Record<string, unknown>;
    const gaps = Object.keys(raw).map((key) =>
      faultsOf("dev", Object.fromEntries(Object.entries(raw).filter(([name]) => name !== key))),
    );
    expect(gaps).toEqual(Object.keys(raw).map((key) => [`${key}: is missing`]));
  });

  test("is refused when it is none, or for a stack that is none", () => {
    expect(faultsOf("dev", undefined)).toEqual(["nothing is not an object"]);
    expect(faultsOf("qa", stackFile("dev"))).toEqual(['stack "qa" is not one of dev, staging, prod']);
  });

  test("is refused when passkeys could not work on the console", () => {
    const raw = changed("dev", { "site.relyingParty": "other.example" });
    expect(faultsOf("dev", raw)).toEqual([
      "site.relyingParty: other.example is neither guard.dev.example.com nor a parent of it, so that browsers refuse passkeys",
    ]);
    expect(
      faultsOf("dev", changed("dev", { "site.origins": ["http://example.com", "android:apk-key-hash:x"] })),
    ).toEqual([
      'site.origins.0: "http://example.com" is not a web origin or an Android key hash',
      'site.origins.1: "android:apk-key-hash:x" is not a web origin or an Android key hash',
    ]);
  });

  test("is refused when data would leave its residency", () => {
    const raw = changed("dev", {
      "locations.keys": ["europe-west1", "us-central1"],
      "locations.firestore": "nam5",
      "locations.bucket": "US",
    });
    expect(faultsOf("dev", raw)).toEqual([
      "locations.keys: us-central1 is outside residency europe",
      "locations.firestore: nam5 is outside residency europe",
      "locations.bucket: US is outside residency europe",
    ]);
  });

  test("is refused when a location of keys is named twice, or none", () => {
    const twice = changed("dev", { "locations.keys": ["europe-west1", "europe-west1"] });
    expect(faultsOf("dev", twice)).toEqual(["locations.keys: a location appears twice"]);
    expect(faultsOf("dev", changed("dev", { "locations.keys": [] }))).toEqual([
      "locations.keys: has 0 entries, not 1 to 5",
    ]);
  });

  test("may not weaken production, one fault a weakening", () => {
    const raw = changed("prod", {
      "keys.redProtection": "SOFTWARE",
      "keys.destroyDelayDays": 1,
      "evidence.locked": false,
      "evidence.retentionDays": 30,
      "firestore.backupDays": 1,
      admin: { ranges: [], regions: [] },
      budget: "none",
    });
    expect(faultsOf("prod", raw).map((fault) => fault.split(":")[0])).toEqual([
      "keys.redProtection",
      "keys.destroyDelayDays",
      "evidence.locked",
      "evidence.retentionDays",
      "firestore.backupDays",
      "admin",
      "budget",
    ]);
  });
});
