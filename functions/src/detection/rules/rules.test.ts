import { describe, expect, test } from "@jest/globals";
import { isDomainError } from "../../kernel/errors.js";
import type { EventMessage } from "../../kernel/event.js";
import { consumeEvent } from "../consume-event.js";
import { compileRule, type CompiledRule } from "../sigma/compile-rule.js";
import type { Example, FlatEvent, SigmaRule } from "../sigma/rule.js";
import { memorySeenStore, memoryWindowStore } from "../window-store.js";
import { RULES } from "./index.js";

const START = Date.UTC(2026, 0, 15, 12);

/** The messages that an example stands for. */
const messagesOf = ({ event, times = 1, everySeconds = 1, varying }: Example): EventMessage[] =>
  Array.from({ length: times }, (_, n) => {
    const flat: FlatEvent = varying === undefined ? event : { ...event, [varying]: vary(varying, n) };
    return unflatten(flat, n, START + n * everySeconds * 1_000);
  });

const vary = (field: string, n: number): string =>
  field === "networkPrefix" ? `10.0.${String(n)}.0/24` : `${field}-${String(n)}`;

const unflatten = (flat: FlatEvent, n: number, at: number): EventMessage => {
  const { networkPrefix, account, ...own } = flat;
  const detail = Object.fromEntries(
    Object.entries(own).flatMap(([key, value]) =>
      key.startsWith("detail.") ? [[key.slice("detail.".length), value]] : [],
    ),
  );
  const rest = Object.fromEntries(Object.entries(own).filter(([key]) => !key.startsWith("detail.")));
  return {
    activity: 1,
    severity: "low",
    ...rest,
    ...(typeof networkPrefix === "string" && { ip: networkPrefix.replace(".0/24", ".7") }),
    detail: { ...detail, ...(typeof account === "string" && { account }) },
    id: `event-${String(n)}`,
    at,
  } as EventMessage;
};

const firings = async (rule: CompiledRule, example: Example): Promise<number> => {
  const published: object[] = [];
  const deps = {
    rulesFor: (eventClass: string) => (eventClass === rule.rule.logsource.category ? [rule] : []),
    windows: memoryWindowStore(),
    seen: memorySeenStore(),
    quiet: new Map<string, number>(),
    record: () => Promise.resolve(),
    publish: (_topic: string, message: object) => {
      published.push(message);
      return Promise.resolve();
    },
  };
  for (const message of messagesOf(example)) await consumeEvent(deps, message);
  return published.length;
};

describe.each(RULES.map((rule) => [rule.id, rule] as const))("rule %s", (_, rule) => {
  test("has examples of both kinds, a technique and its false alarms", () => {
    expect(rule.examples.fires.length).toBeGreaterThan(0);
    expect(rule.examples.silent.length).toBeGreaterThan(0);
    expect(rule.tags.length).toBeGreaterThan(0);
    expect(rule.falsepositives.length).toBeGreaterThan(0);
  });

  test("fires once on every example that must fire", async () => {
    for (const example of rule.examples.fires)
      expect([example, await firings(compileRule(rule), example)]).toEqual([example, 1]);
  });

  test("stays silent on every example that must not fire", async () => {
    for (const example of rule.examples.silent)
      expect([example, await firings(compileRule(rule), example)]).toEqual([example, 0]);
  });
});

test("rules have different ids", () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

test("a bad rule names all its faults at once", () => {
  const bad: SigmaRule = {
    id: "Bad Rule",
    title: "",
    description: "",
    logsource: { product: "firekeep", category: "weather" as "authentication" },
    detection: {
      a: { "name|sounds": "x" },
      b: { "detail.n|gt": "much" },
      c: {},
      d: { "name|re": "(" },
      e: { "ip|cidr": "10.0.0.0/99" },
      condition: "a and (b or nothing",
    },
    correlation: { type: "value_count", "group-by": [], timespan: "soon", condition: { gte: 1 } },
    level: "dire" as "high",
    tags: ["attack.bogus"],
    falsepositives: [],
    response: [],
    examples: { fires: [], silent: [] },
  };
  let faults: string[] = [];
  try {
    compileRule(bad);
  } catch (error) {
    if (isDomainError(error, "detection/rule-invalid")) faults = error.details["faults"] as string[];
  }
  expect(faults).toHaveLength(14);
  expect(faults.join("\n")).toMatch(
    /no id[^]*no title[^]*level[^]*class[^]*technique[^]*fires[^]*silent[^]*sounds[^]*number[^]*empty[^]*timespan/,
  );
});
