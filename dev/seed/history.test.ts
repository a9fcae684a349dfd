import { expect, test } from "@jest/globals";
import { chance } from "./chance.ts";
import { history } from "./history.ts";
import { people } from "./people.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY = 86_400_000;

const demo = (seed: number) => {
  const luck = chance(seed);
  const persons = people(luck);
  return { persons, attempts: history(luck, persons, NOW) };
};

test("the demo is the same on every machine, and another seed tells another story", () => {
  expect(demo(1)).toEqual(demo(1));
  expect(demo(1)).not.toEqual(demo(2));
});

test("forty people, sixty days, in order of time, none of it in the future", () => {
  const { persons, attempts } = demo(1);
  expect(persons).toHaveLength(40);
  expect(new Set(persons.map(({ email }) => email)).size).toBe(40);
  const times = attempts.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(Math.max(...times)).toBeLessThan(NOW);
  expect(NOW - Math.min(...times)).toBeGreaterThan(55 * DAY);
});

test("one attacker tries many accounts from one network, mostly with wrong passwords", () => {
  const attacks = demo(1).attempts.filter(({ by }) => by === "attacker");
  expect(new Set(attacks.map(({ ip }) => ip.slice(0, ip.lastIndexOf(".")))).size).toBe(1);
  expect(new Set(attacks.map(({ person }) => person.uid)).size).toBeGreaterThan(10);
  expect(attacks.filter(({ password }) => password === "right")).toHaveLength(2);
});
