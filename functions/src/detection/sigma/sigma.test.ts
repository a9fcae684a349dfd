import { describe, expect, test } from "@jest/globals";
import { fieldMatcher } from "./match-field.js";
import { parseCondition } from "./parse-condition.js";
import type { FlatEvent, Scalar } from "./rule.js";

type Row = [key: string, expected: Scalar | null | Scalar[], event: FlatEvent, holds: boolean];

describe("a field", () => {
  test.each<Row>([
    ["name", "Abc", { name: "aBC" }, true],
    ["name", "abc", { name: "abcd" }, false],
    ["name", ["x", "abc"], { name: "abc" }, true],
    ["name", "a*d", { name: "abcd" }, true],
    ["name", "a?d", { name: "abcd" }, false],
    ["name", "a\\*d", { name: "a*d" }, true],
    ["name", "a\\*d", { name: "abd" }, false],
    ["name", "a.c", { name: "abc" }, false],
    ["n", 3, { n: 3 }, true],
    ["n", 3, { n: "3" }, false],
    ["ok", true, { ok: true }, true],
    ["name", null, {}, true],
    ["name", null, { name: "" }, false],
    ["name|contains", "B", { name: "abc" }, true],
    ["name|contains", ["x", "b"], { name: "abc" }, true],
    ["name|contains|all", ["x", "b"], { name: "abc" }, false],
    ["name|contains|all", ["a", "b"], { name: "abc" }, true],
    ["list|contains", "two", { list: ["one", "two"] }, true],
    ["list|contains|all", ["one", "two"], { list: ["one", "two"] }, true],
    ["list|contains|all", ["one", "three"], { list: ["one", "two"] }, false],
    ["list", "one", { list: ["one", "two"] }, true],
    ["name|startswith", "AB", { name: "abc" }, true],
    ["name|startswith", "b", { name: "abc" }, false],
    ["name|endswith", "C", { name: "abc" }, true],
    ["name|endswith", "b", { name: "abc" }, false],
    ["name|re", "^a.c$", { name: "abc" }, true],
    ["name|re", "^A.c$", { name: "abc" }, false],
    ["ip|cidr", "198.51.100.0/24", { ip: "198.51.100.9" }, true],
    ["ip|cidr", "198.51.100.0/24", { ip: "198.51.101.9" }, false],
    ["ip|cidr", "2001:db8::/32", { ip: "2001:db8::1" }, true],
    ["ip|cidr", "198.51.100.0/24", { ip: "2001:db8::1" }, false],
    ["ip|cidr", "198.51.100.0/24", { ip: "no address" }, false],
    ["name|exists", true, { name: "x" }, true],
    ["name|exists", false, { name: "x" }, false],
    ["name|exists", false, {}, true],
    ["n|lt", 5, { n: 4 }, true],
    ["n|lt", 5, { n: 5 }, false],
    ["n|lte", 5, { n: 5 }, true],
    ["n|gt", 5, { n: 5 }, false],
    ["n|gt", 5, { n: 6 }, true],
    ["n|gte", 5, { n: 5 }, true],
    ["n|gte", 5, { n: "9" }, false],
    ["n|gte", 5, {}, false],
  ])("%s %j on %j is %s", (key, expected, event, holds) => {
    expect(fieldMatcher(key, expected)(event)).toBe(holds);
  });

  test("a pattern reads the first 2048 characters only", () => {
    const matcher = fieldMatcher("name|re", "end$");
    expect(matcher({ name: `${"x".repeat(2_045)}end` })).toBe(true);
    expect(matcher({ name: `${"x".repeat(5_000)}end` })).toBe(false);
  });

  test.each([
    ["name|sounds", "x"],
    ["name|contains|re", "x"],
    ["name|re", "("],
    ["ip|cidr", "10.0.0.0/40"],
    ["n|gt", "5"],
    ["name|exists", "yes"],
    ["|contains", "x"],
    ["name", []],
  ])("%s %j is refused", (key, expected) => {
    expect(() => fieldMatcher(key, expected)).toThrow();
  });
});

describe("a condition", () => {
  const selections = new Map(
    ["a", "b", "filter_one", "filter_two", "_hidden"].map(
      (name) => [name, (event: FlatEvent) => event[name] === true] as const,
    ),
  );
  const holds = (condition: string, ...names: string[]) =>
    parseCondition(condition, selections)(Object.fromEntries(names.map((name) => [name, true])));

  test.each<[string, string[], boolean]>([
    ["a", ["a"], true],
    ["a and b", ["a"], false],
    ["a or b", ["b"], true],
    ["not a", [], true],
    ["not not a", ["a"], true],
    ["a and not b", ["a", "b"], false],
    ["not a or b", ["a", "b"], true],
    ["a or b and filter_one", ["a"], true],
    ["(a or b) and filter_one", ["a"], false],
    ["a AND NOT 1 of filter_*", ["a"], true],
    ["a and not 1 of filter_*", ["a", "filter_two"], false],
    ["all of filter_*", ["filter_one"], false],
    ["all of filter_*", ["filter_one", "filter_two"], true],
    ["1 of them", ["_hidden"], false],
    ["1 of them", ["b"], true],
    ["all of them", ["a", "b", "filter_one", "filter_two"], true],
  ])("%s with %j is %s", (condition, names, expected) => {
    expect(holds(condition, ...names)).toBe(expected);
  });

  test.each(["", "a and", "a b", "(a", "a)", "c", "1 of c*", "not", "all of"])("'%s' is refused", (condition) => {
    expect(() => parseCondition(condition, selections)).toThrow(/condition/);
  });
});
