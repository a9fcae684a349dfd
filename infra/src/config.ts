import { at, boolean, fields, integer, list, oneOf, optional, orFault, type Reader, text, type Where } from "./read.ts";
import { parseRange } from "./armor/range.ts";
import { WAF_SETS, type WafSet } from "./armor/waf-sets.ts";

export const STACKS = ["dev", "staging", "prod"] as const;
export type StackName = (typeof STACKS)[number];

/** One stack, complete. Nothing has a default: what a stack is can be read in its file. */
export interface StackConfig {
  readonly stack: StackName;
  readonly project: string;
  /** Every location below must lie in it. */
  readonly residency: Residency;
  readonly locations: {
    /** Region of the functions: the same as `functions.region` in functions/src/config.ts. */
    readonly functions: string;
    /** Of the key rings. The first is home: index roots and signing keys are there, and the data keys of what no map row restricts. */
    readonly keys: readonly string[];
    readonly firestore: string;
    /** Where Firebase made the app's bucket. The functions hold restricted folders against it. */
    readonly bucket: string;
    readonly evidence: string;
  };
  /** Host names of the load balancer; the first one is the public address of the functions. */
  readonly hosts: readonly string[];
  /** The app's own bucket, made by Firebase: exports and user files. */
  readonly appBucket: string;
  /** Who may deploy functions that run as Firekeep's accounts. IAM principals. */
  readonly deployers: readonly string[];
  /** Where people sign in, and how they are written to. */
  readonly site: {
    /** Origin of the console on Firebase Hosting: links in mails, keys of security event tokens. */
    readonly console: string;
    /** WebAuthn relying party id: the console's host or a parent of it. Changing it makes every passkey useless. */
    readonly relyingParty: string;
    /** Origins that passkeys are used on, beside the console: web origins and `android:apk-key-hash:…`. */
    readonly origins: readonly string[];
    /** Sender of notices, such as `security@example.com`. */
    readonly mailFrom: string;
    /** The project's web API key (not a secret); `none` leaves the password proxy off. */
    readonly webApiKey: string;
  };
  readonly keys: {
    readonly redProtection: "HSM" | "SOFTWARE";
    /** Days between "destroy" and destroyed. 30 is Cloud KMS's own default. */
    readonly destroyDelayDays: number;
  };
  readonly evidence: {
    readonly retentionDays: number;
    /** A locked bucket can never be unlocked, shortened, or deleted before its last object is old enough. */
    readonly locked: boolean;
  };
  readonly firestore: {
    /** Daily backups of the app's database, in days. Firestore's limit is 14 weeks. `keys` always has 7. */
    readonly backupDays: number;
  };
  /** Where operators come from. A list that is not empty must be met; both must, when both are given. */
  readonly admin: { readonly ranges: readonly string[]; readonly regions: readonly string[] };
  readonly armor: {
    /** Requests a minute and client address before 429. Mobile carriers put many people behind one address. */
    readonly perClientPerMinute: number;
    /** Calls of identity functions a minute and client address before a ban. */
    readonly identityPerMinute: number;
    readonly banMinutes: number;
    /** Rule sets that block. The others only log what they would have done. */
    readonly enforcedWafSets: readonly WafSet[];
  };
  /** One fixed sum, however many users there are. It warns; it never stops anything. */
  readonly budget: { readonly billingAccount: string; readonly monthly: number; readonly currency: string } | "none";
}

type Residency = keyof typeof RESIDENCIES;

/** Where data may be, by promise. Single regions and the multi-regions of Firestore, KMS, Storage and BigQuery. */
const RESIDENCIES = {
  europe: /^(europe-(north|south|west|central)[0-9]+|eur3|europe|eu)$/i,
  "united-states": /^(us-(east|west|central|south)[0-9]+|nam[0-9]|us)$/i,
} as const;

/** Refused configuration: every fault at once. */
export class ConfigFaults extends Error {
  readonly faults: readonly string[];
  constructor(stack: string, faults: readonly string[]) {
    super(
      `Pulumi.${stack}.yaml, firekeep:stack, has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    );
    this.name = "ConfigFaults";
    this.faults = faults;
  }
}

/** Checks what the stack's file says. Throws ConfigFaults with all faults; a StackConfig has none. */
export const parseStackConfig = (stack: string, raw: unknown): StackConfig => {
  const faults: string[] = [];
  const name = STACKS.find((known) => known === stack);
  if (name === undefined) faults.push(`stack "${stack}" is not one of ${STACKS.join(", ")}`);
  const read = stackFields(raw, at(faults, ""));
  if (read !== undefined) faults.push(...crossFaults(read), ...(name === "prod" ? prodFaults(read) : []));
  if (name === undefined || read === undefined || faults.length > 0) throw new ConfigFaults(stack, faults);
  return { stack: name, ...read };
};

// A certificate is named after its host, and a name has 63 characters.
const HOST = /^(?=.{4,54}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const location = text(/^[a-z]+[0-9]?(-[a-z]+[0-9]+)?$/i, "a Google Cloud location");
const singleRegion = text(/^[a-z]+-[a-z]+[0-9]+$/, "a single region");

const stackFields: Reader<Omit<StackConfig, "stack">> = fields({
  project: text(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "a project id"),
  residency: oneOf(Object.keys(RESIDENCIES) as Residency[]),
  locations: fields({
    functions: singleRegion,
    keys: list(location, { min: 1, max: 5 }),
    firestore: location,
    bucket: location,
    evidence: location,
  }),
  hosts: list(text(HOST, "a lower-case host name"), { min: 1, max: 5 }),
  appBucket: text(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, "a bucket name"),
  deployers: list(
    text(/^(user|group|serviceAccount|principal|principalSet):.+/, "an IAM principal such as group:deploy@example.com"),
    {
      min: 1,
      max: 10,
    },
  ),
  site: fields({
    console: text(/^https:\/\/[a-z0-9.-]+$/, "an https origin"),
    relyingParty: text(HOST, "a lower-case host name"),
    origins: list(
      text(/^(https:\/\/[a-z0-9.-]+|android:apk-key-hash:[\w-]{43})$/, "a web origin or an Android key hash"),
      {
        min: 0,
        max: 20,
      },
    ),
    mailFrom: text(/^[\w.+-]+@[a-z0-9.-]+$/, "an e-mail address"),
    webApiKey: text(/^(AIza[\w-]{35}|none)$/, "a web API key or none"),
  }),
  keys: fields({ redProtection: oneOf(["HSM", "SOFTWARE"]), destroyDelayDays: integer(1, 120) }),
  evidence: fields({ retentionDays: integer(1, 3650), locked: boolean }),
  firestore: fields({ backupDays: integer(1, 98) }),
  admin: fields({
    ranges: list(range, { min: 0, max: 4 }), // five terms a rule, one of them the path
    regions: list(text(/^[A-Z]{2}$/, "a two-letter region code"), { min: 0, max: 20 }),
  }),
  armor: fields({
    perClientPerMinute: integer(10, 1_000_000),
    identityPerMinute: integer(5, 10_000),
    banMinutes: integer(1, 1440),
    enforcedWafSets: list(oneOf(WAF_SETS), { min: 0, max: WAF_SETS.length }),
  }),
  budget: optional(
    fields({
      billingAccount: text(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, "a billing account id"),
      monthly: integer(1, 10_000_000),
      currency: text(/^[A-Z]{3}$/, "a currency code"),
    }),
  ),
});

/** An address range that narrows: `0.0.0.0/0` would fence nobody. */
function range(raw: unknown, where: Where): string | undefined {
  const parsed = typeof raw === "string" ? parseRange(raw) : undefined;
  if (parsed === undefined) return orFault<string>(undefined, where, "is not an address range such as 203.0.113.0/24");
  const narrow = parsed.prefix >= (parsed.family === "ipv4" ? 8 : 20);
  return orFault(narrow ? String(raw) : undefined, where, "is wider than /8 (IPv4) or /20 (IPv6)");
}

type Settings = Omit<StackConfig, "stack">;

/** What was read, where a setting with a fault of its own is a hole that the rules below step over. */
type Holes<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: Holes<T[Key]> | undefined }
    : T;

function crossFaults({ locations, residency, hosts, armor, site }: Holes<Settings>): string[] {
  const faults: string[] = [];
  const [page, party] = [site?.console?.replace("https://", ""), site?.relyingParty];
  if (page !== undefined && party !== undefined && page !== party && !page.endsWith(`.${party}`)) {
    faults.push(`site.relyingParty: ${party} is neither ${page} nor a parent of it, so that browsers refuse passkeys`);
  }
  for (const [what, places] of Object.entries(locations ?? {})) {
    for (const place of [places ?? []].flat()) {
      if (residency !== undefined && !RESIDENCIES[residency].test(place))
        faults.push(`locations.${what}: ${place} is outside residency ${residency}`);
    }
  }
  const keys = locations?.keys ?? [];
  if (new Set(keys).size < keys.length) faults.push("locations.keys: a location appears twice");
  if (hosts !== undefined && new Set(hosts).size < hosts.length) faults.push("hosts: a name appears twice");
  if ((armor?.identityPerMinute ?? 0) > (armor?.perClientPerMinute ?? Infinity)) {
    faults.push("armor.identityPerMinute: is above armor.perClientPerMinute, so that it would never act");
  }
  return faults;
}

function prodFaults({ keys, evidence, firestore, admin, budget }: Holes<Settings>): string[] {
  const broken: readonly (readonly [boolean, string])[] = [
    [keys?.redProtection === "SOFTWARE", "keys.redProtection: prod keeps RED keys in an HSM"],
    [below(keys?.destroyDelayDays, 7), "keys.destroyDelayDays: prod waits at least 7 days"],
    [evidence?.locked === false, "evidence.locked: prod locks its evidence"],
    [below(evidence?.retentionDays, 365), "evidence.retentionDays: prod keeps evidence at least 365 days"],
    [below(firestore?.backupDays, 14), "firestore.backupDays: prod keeps backups at least 14 days"],
    [
      admin?.ranges?.length === 0 && admin.regions?.length === 0,
      "admin: prod needs ranges or regions, or operators' paths are open to everyone",
    ],
    [budget === "none", "budget: prod has one"],
  ];
  return broken.filter(([is]) => is).map(([, fault]) => fault);
}

const below = (value: number | undefined, least: number): boolean => value !== undefined && value < least;
