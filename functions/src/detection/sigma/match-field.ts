import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { FlatEvent, Scalar } from "./rule.js";

export type Matcher = (event: FlatEvent) => boolean;
type Test = (value: Scalar) => boolean;

/** Longer values are cut before a pattern sees them: a rule must not be made slow by its input. */
const LONGEST = 2_048;

/** How each modifier makes a test of a value. Text compares without case, as Sigma says; `re` with it. */
const TESTS: Readonly<Record<string, (expected: Scalar) => Test>> = {
  contains: (expected) => text(expected, (value, part) => value.includes(part)),
  startswith: (expected) => text(expected, (value, part) => value.startsWith(part)),
  endswith: (expected) => text(expected, (value, part) => value.endsWith(part)),
  re: (expected) => pattern(new RegExp(String(expected), "u")),
  cidr: (expected) => cidr(String(expected)),
  lt: (expected) => number(expected, (value, limit) => value < limit),
  lte: (expected) => number(expected, (value, limit) => value <= limit),
  gt: (expected) => number(expected, (value, limit) => value > limit),
  gte: (expected) => number(expected, (value, limit) => value >= limit),
};

/**
 * One `"field|modifier…": value` pair as a closure. A field that is a list holds when one of its elements does.
 * Several expected values mean any of them, or with `all` every one.
 *
 * @throws Error with the fault of the pair
 */
export const fieldMatcher = (key: string, expected: Scalar | null | readonly Scalar[]): Matcher => {
  const [field = "", ...modifiers] = key.split("|");
  if (field === "") throw new Error(`"${key}" names no field`);
  if (modifiers.includes("exists")) return existence(key, field, modifiers, expected);
  if (expected === null) return (event) => event[field] === undefined;
  const values = Array.isArray(expected) ? (expected as readonly Scalar[]) : [expected as Scalar];
  if (values.length === 0) throw new Error(`"${key}" has no values`);
  const tests = values.map((value) => testOf(key, modifiers, value));
  const every = modifiers.includes("all");
  const holds = (event: FlatEvent) => (test: Test) => elements(event[field]).some(test);
  return every ? (event) => tests.every(holds(event)) : (event) => tests.some(holds(event));
};

const elements = (value: FlatEvent[string]): readonly Scalar[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly string[]) : [value as Scalar];

const testOf = (key: string, modifiers: readonly string[], expected: Scalar): Test => {
  const names = modifiers.filter((name) => name !== "all");
  const unknown = names.filter((name) => !Object.hasOwn(TESTS, name));
  if (unknown.length > 0) throw new Error(`"${key}" has the unknown modifier ${unknown.join(", ")}`);
  if (names.length > 1) throw new Error(`"${key}" has ${names.join(" and ")}: one comparison is enough`);
  const make = TESTS[names[0] ?? ""];
  return make === undefined ? equality(expected) : make(expected);
};

const existence = (key: string, field: string, modifiers: readonly string[], expected: unknown): Matcher => {
  if (modifiers.length > 1 || typeof expected !== "boolean")
    throw new Error(`"${key}" must be true or false, and no other modifier`);
  return (event) => (event[field] !== undefined) === expected;
};

const equality = (expected: Scalar): Test => {
  if (typeof expected !== "string") return (value) => value === expected;
  if (/[*?]/.test(expected)) return pattern(wildcards(expected));
  const wanted = expected.toLowerCase();
  return (value) => String(value).toLowerCase() === wanted;
};

/** `*` any text, `?` one character; a backslash takes their meaning away. */
const wildcards = (glob: string): RegExp => {
  const parts = glob.split(/(\\[*?\\]|[*?])/).map((part) => {
    if (part === "*") return "[^]*";
    if (part === "?") return "[^]";
    const literal = part.length === 2 && part.startsWith("\\") ? part.slice(1) : part;
    return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "i");
};

const pattern =
  (expression: RegExp): Test =>
  (value) =>
    expression.test(String(value).slice(0, LONGEST));

const text = (expected: Scalar, compare: (value: string, part: string) => boolean): Test => {
  const part = String(expected).toLowerCase();
  return (value) => compare(String(value).slice(0, LONGEST).toLowerCase(), part);
};

const number = (expected: Scalar, compare: (value: number, limit: number) => boolean): Test => {
  if (typeof expected !== "number") throw new Error(`${String(expected)} is no number to compare with`);
  return (value) => typeof value === "number" && compare(value, expected);
};

const cidr = (range: string): Test => {
  const [address = "", bits = ""] = range.split("/");
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family(address));
  return (value) => {
    const ip = String(value).split("/")[0] ?? "";
    return (isIPv4(ip) || isIPv6(ip)) && list.check(ip, family(ip));
  };
};

const family = (address: string): "ipv4" | "ipv6" => (isIPv6(address) ? "ipv6" : "ipv4");
