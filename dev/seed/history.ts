import { BROWSERS, type DemoPerson } from "./people.ts";
import type { Chance } from "./chance.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** One sign-in that was tried. `password: "wrong"` never reached the app's functions. */
export interface Attempt {
  readonly person: DemoPerson;
  readonly at: number;
  readonly ip: string;
  readonly userAgent: string;
  readonly password: "right" | "wrong";
  readonly by: "owner" | "attacker";
}

/** Sixty days of sign-ins in order of time: habits, travels, typing errors, and an attacker with a stolen list in the last hours. */
export const history = (luck: Chance, persons: readonly DemoPerson[], now: number, days = 60): Attempt[] => {
  const attempts: Attempt[] = [];
  for (const person of persons) {
    const journey = { from: luck.between(5, days - 8), country: luck.pick(ABROAD), goes: luck.next() < 0.3 };
    for (let day = days; day >= 1; day -= 1) {
      if (luck.next() > person.rate) continue;
      const away = journey.goes && day <= journey.from && day > journey.from - 5;
      attempts.push(...usualDay(luck, person, now - day * DAY, away ? journey.country : undefined));
    }
  }
  attempts.push(...attack(luck, persons, now));
  return attempts.filter((attempt) => attempt.at < now).sort((a, b) => a.at - b.at);
};

const usualDay = (luck: Chance, person: DemoPerson, midnight: number, abroad: string | undefined): Attempt[] => {
  const hour = person.hour + luck.between(-2, 2);
  const base = {
    person,
    at: midnight - (midnight % DAY) + hour * HOUR + luck.between(0, HOUR),
    ip: `${abroad ?? luck.pick(person.homes)}.${String(luck.between(2, 250))}`,
    userAgent: luck.next() < 0.8 ? (person.devices[0] ?? BROWSERS[0]) : (person.devices[1] ?? BROWSERS[0]),
    by: "owner",
  } as const;
  const slips = luck.next() < 0.06 ? [{ ...base, at: base.at - 20_000, password: "wrong" } as const] : [];
  return [...slips, { ...base, password: "right" }];
};

const ABROAD = ["81.224.60", "90.0.12", "83.32.44", "79.184.7", "88.0.20"] as const;

/** From a hosting network, with a tool's browser: every account of the list is tried, two passwords are right. */
const attack = (luck: Chance, persons: readonly DemoPerson[], now: number): Attempt[] => {
  const ATTACKER = "45.155.205";
  const victims = persons.filter((_, index) => index % 3 === 0);
  return victims.flatMap((person, index) =>
    Array.from({ length: luck.between(2, 5) }, (_, round) => ({
      person,
      at: now - 3 * HOUR + index * 240_000 + round * 7_000,
      ip: `${ATTACKER}.${String(luck.between(10, 40))}`,
      userAgent: "python-requests/2.32",
      password: (index === 4 || index === 9) && round === 1 ? ("right" as const) : ("wrong" as const),
      by: "attacker" as const,
    })),
  );
};
