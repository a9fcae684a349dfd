import type { Chance } from "./chance.ts";

/** An invented person: where they live on the network, what they sign in with, and when. */
export interface DemoPerson {
  readonly uid: string;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly bio: string;
  readonly phone: string;
  readonly birthDate: string;
  /** Addresses they sign in from at home: first three bytes are theirs, the last changes. */
  readonly homes: readonly string[];
  readonly devices: readonly string[];
  /** Hour of the day, UTC, around which they sign in. */
  readonly hour: number;
  /** Sign-ins a day, on average. */
  readonly rate: number;
}

// Address blocks of access providers, by country: what the network tables know of them decides what the demo shows.
const PLACES = [
  { city: "Oslo", dial: "+4790", homes: ["84.208.20", "84.208.77"] },
  { city: "Bergen", dial: "+4791", homes: ["84.212.14", "84.208.3"] },
  { city: "Berlin", dial: "+49151", homes: ["84.160.12", "91.0.55"] },
  { city: "Hamburg", dial: "+49160", homes: ["87.123.40", "84.160.99"] },
  { city: "Lyon", dial: "+336", homes: ["90.0.41", "86.192.17"] },
  { city: "Madrid", dial: "+346", homes: ["83.32.9", "80.24.66"] },
  { city: "Warsaw", dial: "+4850", homes: ["83.0.31", "79.184.20"] },
  { city: "Stockholm", dial: "+4670", homes: ["81.224.8", "90.224.33"] },
] as const;

export const BROWSERS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
] as const;

const FIRST =
  "Ada Amir Anouk Aziz Bea Birk Chloe Dara Davor Elin Emre Fia Goran Hanna Idris Ines Jon Kaja Lars Lea Luis Maja Mats Mina Nadia Nils Noor Ola Petra Rafael Rosa Sami Sofia Tarik Tove Ulla Viktor Wanda Yara Zoe".split(
    " ",
  );
const LAST =
  "Berg Costa Dahl Eriksen Fuchs Garcia Haugen Iversen Jansen Kowalski Lund Moreau Nowak Olsen Petit Quist Rossi Schmidt Thomsen Vidal".split(
    " ",
  );
const LOVES = [
  "long walks",
  "board games",
  "sourdough",
  "night trains",
  "old cinemas",
  "sea swimming",
  "miniatures",
  "choir",
];

/** Forty people. Account ids collide by prefix on purpose (`demo-1`, `demo-10`): nothing may mistake one for another. */
export const people = (luck: Chance, count = 40): DemoPerson[] =>
  Array.from({ length: count }, (_, index) => {
    const first = FIRST[index % FIRST.length] ?? "Ada";
    const last = luck.pick(LAST);
    const place = luck.pick(PLACES);
    return {
      uid: `demo-${String(index + 1)}`,
      name: `${first} ${last}`,
      email: `${first}.${last}@example.org`.toLowerCase(),
      city: place.city,
      bio: `${luck.pick(LOVES)}, ${luck.pick(LOVES)} and good company.`,
      phone: `${place.dial}${String(luck.between(1_000_000, 9_999_999))}`,
      birthDate: `${String(luck.between(1965, 2004))}-${two(luck.between(1, 12))}-${two(luck.between(1, 28))}`,
      homes: place.homes,
      devices: [luck.pick(BROWSERS), luck.pick(BROWSERS)],
      hour: luck.between(6, 21),
      rate: 0.3 + luck.next() * 0.9,
    };
  });

const two = (value: number): string => String(value).padStart(2, "0");
