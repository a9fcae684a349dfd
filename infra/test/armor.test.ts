import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { lintPolicy } from "../src/armor/lint.ts";
import { type ArmorPolicy, type ArmorRule, armorPolicy } from "../src/armor/rules.ts";
import { STACKS, parseStackConfig } from "../src/config.ts";
import { DOMAINS } from "../src/names.ts";
import { type ArmorRequest, decide } from "./evaluate-armor.ts";
import { stackFile } from "./stack-file.ts";

const policyOf = (stack: string): ArmorPolicy => armorPolicy(parseStackConfig(stack, stackFile(stack)));
const sound = policyOf("prod");
const rule = (changes: Partial<ArmorRule>): ArmorPolicy => ({
  ...sound,
  rules: [
    ...sound.rules,
    { priority: 1500, description: "Planted", action: "deny(403)", match: "origin.asn == 64500", ...changes },
  ],
});

test.each(STACKS)("%s: the policy has no fault", (stack) => {
  expect(lintPolicy(policyOf(stack))).toEqual([]);
});

test("a rule set blocks only where the stack says so, and then the policy is still sound", () => {
  const config = parseStackConfig("prod", stackFile("prod"));
  const enforced = armorPolicy({ ...config, armor: { ...config.armor, enforcedWafSets: ["sqli"] } });
  const blocking = (policy: ArmorPolicy) =>
    policy.rules.filter(({ match, preview }) => match.includes("Waf(") && preview !== true);
  expect(blocking(sound)).toEqual([]);
  expect(blocking(enforced).map(({ description }) => description)).toEqual(["WAF sqli-v422-stable, sensitivity 1"]);
  expect(lintPolicy(enforced)).toEqual([]);
});

describe("the linter refuses", () => {
  test.each([
    ["an `in`, which the language does not have", "origin.region_code in ['US', 'GB']", 'uses "in"'],
    ["a `!` that binds tighter than it reads", "!origin.region_code in ['US', 'GB']", 'applies "!" to a string'],
    ["a conditional", "origin.asn == 1 ? true : false", 'uses "?"'],
    ["arithmetic", "origin.asn - 1 == 2", 'uses "-"'],
    ["an unknown attribute", "request.body.contains('x')", 'knows no attribute "request.body'],
    ["an unknown function", "isBot(origin.ip)", 'knows no function "isBot"'],
    ["a function of the Enterprise tier", "evaluateThreatIntelligence('iplist-tor-exit-nodes')", "knows no function"],
    [
      "two ranges in one inIpRange()",
      "inIpRange(origin.ip, '192.0.2.0/24', '198.51.100.0/24')",
      "it takes (string, string)",
    ],
    ["a range that is none", "inIpRange(origin.ip, '192.0.2.7/24')", "no valid range"],
    ["a header read unguarded", "request.headers['user-agent'].contains('bot')", "without has()"],
    ["a header in upper case", "has(request.headers['User-Agent'])", "lower case"],
    ["a path that is not decoded", "request.path.matches('^/admin')", "not decoded and lower case"],
    ["a path without an anchor", "request.path.urlDecode().lower().matches('/admin')", "without an anchor"],
    ["a region that may be empty", "!origin.region_code.matches('US|GB')", "an unknown region may pass"],
    ["the documents' own idiom for regions", "'[US,GB]'.contains(origin.region_code)", "empty or computed text"],
    ["six conditions", Array.from({ length: 6 }, (_, n) => `origin.asn == ${n}`).join(" && "), "6 conditions"],
    ["a line break", "origin.asn == 1 &&\norigin.asn == 2", "line break"],
    ["a look-ahead", "request.query.matches('(?=x)')", "RE2 cannot"],
    ["a string that is no condition", "request.path", "not a condition"],
    ["unbalanced parentheses", "(origin.asn == 1", "ends too early"],
    [
      "a rule set that does not exist",
      "evaluatePreconfiguredWaf('nodejs-v422-stable', {'sensitivity': 1})",
      "not in waf-sets.ts",
    ],
    ["a rule set without its sensitivity", "evaluatePreconfiguredWaf('sqli-v422-stable')", "states no sensitivity"],
  ])("%s", (_, match, reason) => {
    expect(lintPolicy(rule({ match }))).toEqual([expect.stringContaining(reason)]);
  });

  test.each([
    ["gcloud's spelling of an action", { action: "deny-403" }, '"deny-403" is not one of'],
    ["429 as an action", { action: "deny(429)" }, '"deny(429)" is not one of'],
    ["a throttle without a rate", { action: "throttle", priority: 8000 }, "do not go together"],
    ["a description of 65 characters", { description: "x".repeat(65) }, "65 characters"],
    ["a priority used twice", { priority: 1000 }, "priority 1000 is used twice"],
  ] satisfies [string, Partial<ArmorRule>, string][])("%s", (_, changes, reason) => {
    expect(lintPolicy(rule(changes))).toEqual([expect.stringContaining(reason)]);
  });

  test("a throttle before the rule sets, which would hide them all", () => {
    const rate = { count: 1, intervalSec: 60, enforceOnKey: "IP", exceedAction: "deny(429)" };
    const faults = lintPolicy(rule({ action: "throttle", match: "*", rate }));
    expect(faults).toHaveLength(10);
    expect(faults[0]).toContain("rule 2000: is never reached: rule 1500 ends the evaluation");
  });

  test("an allow for the office before the rule sets", () => {
    expect(lintPolicy(rule({ action: "allow", match: "inIpRange(origin.ip, '192.0.2.0/24')" }))).toHaveLength(10);
  });

  test.each([
    ["a ban of 20 000 requests", { count: 20_000 }, "not 1 to 10000"],
    ["an odd interval", { intervalSec: 61 }, "not one that Cloud Armor offers"],
    ["an unknown key", { enforceOnKey: "USER" }, "is unknown"],
    ["a wrong exceed action", { exceedAction: "deny-429" }, "deny-429"],
  ])("%s", (_, changes, reason) => {
    const rules = sound.rules.map((each) =>
      each.rate?.banDurationSec === undefined ? each : { ...each, rate: { ...each.rate, ...changes } },
    );
    expect(lintPolicy({ ...sound, rules })).toEqual([expect.stringContaining(reason)]);
  });

  test("a policy without a default rule, and one that does not parse JSON", () => {
    expect(lintPolicy({ ...sound, rules: sound.rules.slice(0, -1) })).toEqual([
      expect.stringContaining("no default rule"),
    ]);
    expect(lintPolicy({ ...sound, jsonParsing: "DISABLED" })).toEqual([
      expect.stringContaining("jsonParsing is DISABLED"),
    ]);
  });
});

describe("the production policy", () => {
  const person: ArmorRequest = {
    ip: "198.51.100.9",
    region: "BE",
    path: "/identity-totp-verify",
    headers: { host: "api.example.com", "user-agent": "Mozilla/5.0" },
  };
  const operator: ArmorRequest = { ...person, ip: "203.0.113.9", path: "/incidents-incident-triage" };
  const verdict = (changes: Partial<ArmorRequest>, from = person): string => {
    const { action, description } = decide(sound, { ...from, ...changes });
    return `${action} ${description}`;
  };

  test("lets people through, under a rate", () => {
    expect(verdict({})).toMatch(/^rate_based_ban /);
    expect(verdict({ path: "/privacy-export-request" })).toMatch(/^throttle /);
    expect(verdict({ headers: { ...person.headers, host: "API.example.com:443" } })).toMatch(/^rate_based_ban /);
  });

  test.each([
    "/admin",
    "//admin/x",
    "/%61dmin",
    "/ADMIN",
    "/Incidents-Incident-List",
    "/privacy-operator-list",
    "/x/../admin",
    "/admin;a=b",
  ])("fences %s off from people", (path) => {
    expect(verdict({ path })).toBe("deny(403) Operators: outside their ranges");
  });

  test.each(["/administered", "/badminton", "/privacy-operators", "/privacy-auditors-list"])(
    "does not mistake %s for operators' paths",
    (path) => {
      expect(verdict({ path })).toMatch(/^throttle /);
    },
  );

  test("fences exactly the functions that ask for an operator's permission", async () => {
    const fenced = (id: string) => decide(sound, { ...person, path: `/${id}` }).description.startsWith("Operators:");
    const rows = await callables();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ id }) => fenced(id))).toEqual(rows.filter(({ operator }) => operator));
  });

  test("wants operators in their ranges and in their regions", () => {
    expect(verdict({}, operator)).toMatch(/^throttle /);
    expect(verdict({ ip: "2001:db8:40::1" }, operator)).toMatch(/^throttle /);
    expect(verdict({ region: "US" }, operator)).toBe("deny(403) Operators: outside their regions");
    expect(verdict({ region: "" }, operator)).toBe("deny(403) Operators: outside their regions");
    expect(verdict({ ip: "2001:db8:41::1" }, operator)).toBe("deny(403) Operators: outside their ranges");
  });

  test("refuses hosts that are not ours, and attack tools by any spelling", () => {
    expect(verdict({ headers: { ...person.headers, host: "api-example.com" } })).toBe("deny(404) Host is not ours");
    expect(verdict({ headers: { "user-agent": "x" } })).toBe("deny(404) Host is not ours");
    expect(verdict({ headers: { ...person.headers, "user-agent": "SQLMap/1.8" } })).toBe(
      "deny(403) Names itself an attack tool",
    );
  });

  test.each([
    "Googlebot/2.1",
    "Mozilla/5.0 (Linux; Android 14; Cubot X70)",
    "GoogleStackdriverMonitoring-UptimeChecks",
  ])("does not take %s for an attack", (agent) => {
    expect(verdict({ headers: { ...person.headers, "user-agent": agent } })).toMatch(/^rate_based_ban /);
  });
});

/** Every callable of functions/, by the tables from which they are made. */
const callables = async (): Promise<readonly { readonly id: string; readonly operator: boolean }[]> => {
  const tables = await Promise.all(
    DOMAINS.map(async (domain) => {
      const file = join(__dirname, `../../functions/src/${domain}/api.ts`);
      if (!existsSync(file)) return [];
      const module = (await import(file)) as Readonly<
        Record<string, Readonly<Record<string, { permission?: string }>>>
      >;
      const rows = Object.entries(module[`${domain}Api`] ?? {});
      return rows.map(([name, { permission = "self" }]) => ({
        id: `${domain}-${name}`,
        operator: permission !== "self",
      }));
    }),
  );
  return tables.flat();
};
