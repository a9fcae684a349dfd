import { DAY, HOUR, MINUTE, SECOND } from "../../kernel/time.js";
import { OCSF_CLASSES } from "../../kernel/event.js";
import { detectionError } from "../errors.js";
import { fieldMatcher, type Matcher } from "./match-field.js";
import { parseCondition } from "./parse-condition.js";
import { LEVELS, type Correlation, type FieldMap, type Selection, type SigmaRule } from "./rule.js";

export interface Window {
  readonly kind: Correlation["type"];
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  readonly gte: number;
  readonly field?: string;
}

export interface CompiledRule {
  readonly rule: SigmaRule;
  /** Whether one event is of the kind that the rule is about. */
  readonly matches: Matcher;
  /** Absent: one event is enough. */
  readonly window?: Window;
}

/**
 * Turns a rule into closures.
 *
 * @throws detection/rule-invalid whose details list every fault of the rule
 */
export const compileRule = (rule: SigmaRule): CompiledRule => {
  const faults: string[] = [];
  const attempt = <Value>(make: () => Value): Value | undefined => {
    try {
      return make();
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  faults.push(...headFaults(rule));
  const selections = new Map<string, Matcher>();
  for (const [name, selection] of Object.entries(rule.detection)) {
    if (name === "condition") continue;
    // A faulty selection still has a name, so that the condition is checked too.
    selections.set(name, attempt(() => selectionMatcher(name, selection)) ?? never);
  }
  const { correlation } = rule;
  const matches = attempt(() => parseCondition(rule.detection.condition, selections));
  const window = correlation === undefined ? undefined : attempt(() => windowOf(correlation));
  if (faults.length > 0 || matches === undefined)
    throw detectionError("rule-invalid", { details: { rule: rule.id, faults } });
  return { rule, matches, ...(window !== undefined && { window }) };
};

const never: Matcher = () => false;

const headFaults = (rule: SigmaRule): string[] => [
  ...(/^[a-z0-9-]{3,64}$/.test(rule.id) ? [] : [`"${rule.id}" is no id: lower-case words joined by hyphens`]),
  ...(rule.title.trim() === "" ? ["it has no title"] : []),
  ...(LEVELS.includes(rule.level) ? [] : [`"${rule.level}" is no level`]),
  ...(Object.hasOwn(OCSF_CLASSES, rule.logsource.category)
    ? []
    : [`"${rule.logsource.category}" is no class of events`]),
  ...rule.tags.filter((tag) => !/^attack\.t\d{4}(\.\d{3})?$/.test(tag)).map((tag) => `"${tag}" is no ATT&CK technique`),
  ...(rule.examples.fires.length > 0 ? [] : ["it has no example that fires"]),
  ...(rule.examples.silent.length > 0 ? [] : ["it has no example that stays silent"]),
];

const selectionMatcher = (name: string, selection: Selection | string): Matcher => {
  if (typeof selection === "string") throw new Error(`selection "${name}" is text; only the condition is`);
  const maps = Array.isArray(selection) ? (selection as readonly FieldMap[]) : [selection as FieldMap];
  const any = maps.map((map) => {
    const all = Object.entries(map).map(([key, expected]) => fieldMatcher(key, expected));
    if (all.length === 0) throw new Error(`selection "${name}" is empty`);
    return (event: Parameters<Matcher>[0]) => all.every((matcher) => matcher(event));
  });
  if (any.length === 0) throw new Error(`selection "${name}" is empty`);
  return (event) => any.some((matcher) => matcher(event));
};

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

const windowOf = ({ type, "group-by": groupBy, timespan, condition }: Correlation): Window => {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(timespan) ?? [];
  const timespanMs = Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  if (!(timespanMs > 0)) throw new Error(`"${timespan}" is no timespan`);
  if (groupBy.length === 0) throw new Error("the correlation has no group-by");
  if (!Number.isInteger(condition.gte) || condition.gte < 2) throw new Error("a correlation counts to two or more");
  if (type === "value_count" && condition.field === undefined) throw new Error("value_count needs condition.field");
  return {
    kind: type,
    groupBy,
    timespanMs,
    gte: condition.gte,
    ...(condition.field !== undefined && { field: condition.field }),
  };
};
