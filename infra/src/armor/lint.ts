import { conditions, nodes, parseExpression } from "./expression.ts";
import { type Expression, ExpressionFault } from "./language.ts";
import { parseRange } from "./range.ts";
import { type ArmorPolicy, type ArmorRule, DEFAULT_PRIORITY, type Rate } from "./rules.ts";
import { CVE_CANARY, WAF_SETS, wafSetId } from "./waf-sets.ts";

/** What Cloud Armor would refuse, and what it would accept but that would not protect. Empty when the policy is sound. */
export const lintPolicy = (policy: ArmorPolicy): string[] => [
  ...policyFaults(policy),
  ...policy.rules.flatMap((rule) => ruleFaults(rule).map((fault) => `rule ${rule.priority}: ${fault}`)),
];

/** From Google's documents: limits of a rule. */
const LIMITS = { conditions: 5, description: 64, expression: 2048, pattern: 1024 } as const;
const ACTIONS = ["allow", "deny(403)", "deny(404)", "deny(502)", "throttle", "rate_based_ban", "redirect"];
const EXCEED_ACTIONS = ["deny(403)", "deny(404)", "deny(429)", "deny(502)"];
const INTERVALS = [10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600];
const KEYS = [
  "ALL",
  "IP",
  "HTTP_HEADER",
  "XFF_IP",
  "HTTP_COOKIE",
  "HTTP_PATH",
  "SNI",
  "REGION_CODE",
  "TLS_JA3_FINGERPRINT",
  "TLS_JA4_FINGERPRINT",
  "USER_IP",
];
const RATE_LIMITED = ["throttle", "rate_based_ban"];
const WAF_IDS: readonly string[] = [...WAF_SETS.map(wafSetId), CVE_CANARY];

function policyFaults({ jsonParsing, rules }: ArmorPolicy): string[] {
  const faults: string[] = [];
  const priorities = rules.map(({ priority }) => priority);
  for (const priority of new Set(priorities.filter((one, index) => priorities.indexOf(one) !== index))) {
    faults.push(`priority ${priority} is used twice`);
  }
  const last = rules.find(({ priority }) => priority === DEFAULT_PRIORITY);
  if (last === undefined) faults.push(`there is no default rule (priority ${DEFAULT_PRIORITY})`);
  else if (last.match !== "*" || last.rate !== undefined)
    faults.push("the default rule is not a plain decision for every address");
  if (!jsonParsing.startsWith("STANDARD"))
    faults.push(`jsonParsing is ${jsonParsing}: the rule sets cannot read JSON bodies`);
  const firstTerminal = Math.min(...rules.filter(endsEvaluation).map(({ priority }) => priority));
  for (const { priority, match } of rules) {
    if (match.includes("evaluatePreconfiguredWaf") && priority > firstTerminal) {
      faults.push(
        `rule ${priority}: is never reached: rule ${firstTerminal} ends the evaluation for conforming requests`,
      );
    }
  }
  return faults;
}

/** A conforming request of a rate-limited rule, and any request of an allow rule, is looked at no further. */
const endsEvaluation = (rule: ArmorRule): boolean =>
  rule.preview !== true &&
  rule.priority !== DEFAULT_PRIORITY &&
  (rule.action === "allow" || RATE_LIMITED.includes(rule.action));

function ruleFaults(rule: ArmorRule): string[] {
  const faults: string[] = [];
  if (!(Number.isInteger(rule.priority) && rule.priority >= 0 && rule.priority <= DEFAULT_PRIORITY))
    faults.push("its priority is out of range");
  if (rule.description === "" || rule.description.length > LIMITS.description) {
    faults.push(`its description has ${rule.description.length} characters, not 1 to ${LIMITS.description}`);
  }
  if (!ACTIONS.includes(rule.action)) faults.push(`action "${rule.action}" is not one of ${ACTIONS.join(", ")}`);
  if (RATE_LIMITED.includes(rule.action) !== (rule.rate !== undefined))
    faults.push(`action "${rule.action}" and a rate do not go together`);
  if (rule.rate !== undefined) faults.push(...rateFaults(rule.action, rule.rate));
  if (rule.match !== "*") faults.push(...expressionFaults(rule.match));
  return faults;
}

function rateFaults(action: string, rate: Rate): string[] {
  const most = action === "rate_based_ban" ? 10_000 : 1_000_000;
  const required: readonly (readonly [boolean, string])[] = [
    [rate.count >= 1 && rate.count <= most, `its count ${rate.count} is not 1 to ${most}`],
    [INTERVALS.includes(rate.intervalSec), `its interval ${rate.intervalSec} s is not one that Cloud Armor offers`],
    [KEYS.includes(rate.enforceOnKey), `enforceOnKey "${rate.enforceOnKey}" is unknown`],
    [
      EXCEED_ACTIONS.includes(rate.exceedAction),
      `exceedAction "${rate.exceedAction}" is not one of ${EXCEED_ACTIONS.join(", ")}`,
    ],
    [(action === "rate_based_ban") === (rate.banDurationSec !== undefined), "a ban, and only a ban, has a duration"],
  ];
  return required.filter(([met]) => !met).map(([, fault]) => fault);
}

function expressionFaults(source: string): string[] {
  if (source.length > LIMITS.expression)
    return [`its expression has ${source.length} characters, more than ${LIMITS.expression}`];
  try {
    const tree = parseExpression(source);
    const count = conditions(tree).length;
    const tooMany =
      count > LIMITS.conditions ? [`its expression has ${count} conditions, more than ${LIMITS.conditions}`] : [];
    return [...tooMany, ...nodes(tree).flatMap((node) => nodeFaults(node, tree))];
  } catch (error) {
    if (error instanceof ExpressionFault) return [`its expression ${error.message}`];
    throw error;
  }
}

function nodeFaults(node: Expression, tree: Expression): string[] {
  if (node.op === "entry") {
    const guarded = nodes(tree).some((other) => other.op === "has" && other.key === node.key);
    return guarded ? [] : [`it reads header "${node.key}" without has(): absent, the rule would not match`];
  }
  if (node.op === "call" && node.name === "inIpRange") return rangeFaults(node.args[1]);
  if (node.op === "call" && node.name === "evaluatePreconfiguredWaf") return wafFaults(node.args);
  if (node.op === "method" && node.kind === "bool") return [...textTestFaults(node.name, node.on, node.args[0])];
  return [];
}

const rangeFaults = (range: Expression | undefined): string[] =>
  range?.op === "literal" && typeof range.value === "string" && parseRange(range.value) !== undefined
    ? []
    : ["inIpRange() is given no valid range"];

function wafFaults([id, options]: readonly Expression[]): string[] {
  const faults: string[] = [];
  if (id?.op !== "literal" || !WAF_IDS.includes(String(id.value)))
    faults.push("it asks for a rule set that is not in waf-sets.ts");
  const sensitivity =
    options?.op === "options" ? options.entries.find(([key]) => key === "sensitivity")?.[1] : undefined;
  if (sensitivity?.op !== "literal" || !(Number(sensitivity.value) >= 1 && Number(sensitivity.value) <= 4)) {
    faults.push("it states no sensitivity from 1 to 4; the default is the noisiest");
  }
  return faults;
}

function textTestFaults(name: string, on: Expression, argument: Expression | undefined): string[] {
  const faults: string[] = [];
  const { root, through } = receiver(on);
  const pattern = argument?.op === "literal" ? String(argument.value) : "";
  if (pattern === "") faults.push(`${name}() is given an empty or computed text`);
  if (name === "matches") faults.push(...patternFaults(pattern));
  if (root === "request.path") {
    if (!through.some((step) => step.startsWith("urlDecode")) || !through.includes("lower"))
      faults.push("it tests a path that is not decoded and lower case");
    if (name === "contains" || name === "endsWith" || (name === "matches" && !pattern.startsWith("^")))
      faults.push("it tests a path without an anchor at its start");
  }
  if (root === "origin.region_code" && !(name === "matches" && /^\^\(.*\)\$$/.test(pattern))) {
    faults.push("it tests a region without '^(…)$', so that an unknown region may pass");
  }
  return faults;
}

function patternFaults(pattern: string): string[] {
  if (pattern.length > LIMITS.pattern)
    return [`its pattern has ${pattern.length} characters, more than ${LIMITS.pattern}`];
  if (/\(\?[=!<]|\\[1-9]/.test(pattern)) return ["its pattern looks around or back, which RE2 cannot"];
  try {
    new RegExp(pattern);
    return [];
  } catch {
    return ["its pattern is no regular expression"];
  }
}

/** What a chain of methods starts from, and the names of the methods it went through. */
function receiver(on: Expression): { readonly root: string; readonly through: readonly string[] } {
  if (on.op === "method") {
    const { root, through } = receiver(on.on);
    return { root, through: [...through, on.name] };
  }
  return { root: on.op === "attribute" ? on.name : "", through: [] };
}
