import type { StackConfig } from "../config.ts";
import type { Domain } from "../names.ts";
import { CVE_CANARY, SENSITIVITY, WAF_SETS, wafSetId } from "./waf-sets.ts";

export interface ArmorRule {
  /** Smaller is looked at first. */
  readonly priority: number;
  /** Shown in logs. At most 64 characters. */
  readonly description: string;
  /** The API's spelling: `deny(403)`, not gcloud's `deny-403`. */
  readonly action: string;
  /** `*` is every address; anything else is an expression. */
  readonly match: string;
  /** Only logs what it would have done. */
  readonly preview?: true;
  readonly rate?: Rate;
}

export interface Rate {
  readonly count: number;
  readonly intervalSec: number;
  readonly enforceOnKey: string;
  readonly exceedAction: string;
  readonly banDurationSec?: number;
}

export interface ArmorPolicy {
  readonly jsonParsing: string;
  readonly rules: readonly ArmorRule[];
}

/** Priority of the rule that decides when no other has. Given by Cloud Armor. */
export const DEFAULT_PRIORITY = 2_147_483_647;

/**
 * The policy in front of every function. Order matters more than anything: `throttle` and `rate_based_ban` end the
 * evaluation for a client within its rate, so that whatever shall still be looked at comes before them.
 */
export const armorPolicy = (config: Pick<StackConfig, "hosts" | "admin" | "armor">): ArmorPolicy => ({
  jsonParsing: "STANDARD", // callables carry JSON; unparsed, the rule sets see one opaque string
  rules: [
    {
      priority: 1000,
      description: "Host is not ours",
      action: "deny(404)",
      match: `!has(request.headers['host']) || !request.headers['host'].lower().matches('${hostPattern(config.hosts)}')`,
    },
    {
      priority: 1100,
      description: "Names itself an attack tool",
      action: "deny(403)",
      match: `has(request.headers['user-agent']) && request.headers['user-agent'].lower().matches('(${ATTACK_TOOLS.join("|")})')`,
    },
    {
      priority: 1110,
      description: "Names no user agent",
      action: "deny(403)",
      match: "!has(request.headers['user-agent'])",
      preview: true,
    },
    ...adminFence(config.admin),
    ...wafRules(config.armor.enforcedWafSets),
    identityBan(config.armor),
    {
      priority: 9000,
      description: "Requests a minute and address",
      action: "throttle",
      match: "*",
      rate: { count: config.armor.perClientPerMinute, intervalSec: 60, enforceOnKey: "IP", exceedAction: "deny(429)" },
    },
    { priority: DEFAULT_PRIORITY, description: "Default: refuse", action: "deny(403)", match: "*" },
  ],
});

/** Tools that say who they are. No search engine, uptime check or telephone is among them ("bot" would hit all three). */
const ATTACK_TOOLS = [
  "sqlmap",
  "nikto",
  "masscan",
  "zgrab",
  "nuclei",
  "wpscan",
  "dirbuster",
  "gobuster",
  "ffuf",
  "acunetix",
  "nessus",
];

const hostPattern = (hosts: readonly string[]): string =>
  `^(${hosts.map((host) => host.replaceAll(".", "[.]")).join("|")})(:443)?$`;

/** Decoded and lower case, because /%61dmin, //admin and /ADMIN reach the same service; anchored, because matches() is partial. */
const path = (pattern: string): string => `request.path.urlDecode().lower().matches('${pattern}')`;

/** What is for operators alone: all of these domains' functions, the ones below, and anything that is called admin or operator. */
const OPERATOR_DOMAINS: readonly Domain[] = ["detection", "incidents", "audit"];
/** Operators' functions of a domain that is otherwise for everybody. What people call of the same noun is left out by name. */
const OPERATOR_FUNCTIONS =
  "(encryption-(vault-|key-status)|identity-(role-(list|grant|revoke|proposals|approve|refuse)|session-expel|(reset|receiver|signal)-))";
const OPERATOR_PATH = path(
  `^/+(.*/)?((${OPERATOR_DOMAINS.join("|")})-|${OPERATOR_FUNCTIONS}|([a-z0-9]+-)?(admin|operator)([-/;.]|$))`,
);

/** One rule a list, so that both must be met and neither outgrows the five terms a rule may have. */
const adminFence = ({ ranges, regions }: StackConfig["admin"]): ArmorRule[] => [
  ...(ranges.length === 0
    ? []
    : [
        fence(
          1200,
          "Operators: outside their ranges",
          ranges.map((range) => `!inIpRange(origin.ip, '${range}')`),
        ),
      ]),
  // An anchored pattern fails closed: an unknown region is the empty string, and matches nothing.
  ...(regions.length === 0
    ? []
    : [fence(1210, "Operators: outside their regions", [`!origin.region_code.matches('^(${regions.join("|")})$')`])]),
];

const fence = (priority: number, description: string, outside: readonly string[]): ArmorRule => ({
  priority,
  description,
  action: "deny(403)",
  match: [OPERATOR_PATH, ...outside].join(" && "),
});

const wafRules = (enforced: readonly string[]): ArmorRule[] => [
  ...WAF_SETS.map((set, index) => waf(2000 + 10 * index, wafSetId(set), enforced.includes(set))),
  waf(2900, CVE_CANARY, false),
];

const waf = (priority: number, id: string, enforced: boolean): ArmorRule => ({
  priority,
  description: `WAF ${id}, sensitivity ${SENSITIVITY}`,
  action: "deny(403)",
  match: `evaluatePreconfiguredWaf('${id}', {'sensitivity': ${SENSITIVITY}})`,
  ...(enforced ? {} : { preview: true }),
});

const identityBan = ({ identityPerMinute, banMinutes }: StackConfig["armor"]): ArmorRule => ({
  priority: 3000,
  description: "Too many identity calls: ban the address",
  action: "rate_based_ban",
  match: path("^/+identity-"),
  rate: {
    count: identityPerMinute,
    intervalSec: 60,
    enforceOnKey: "IP",
    exceedAction: "deny(429)",
    banDurationSec: banMinutes * 60,
  },
});
