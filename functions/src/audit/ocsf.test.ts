import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, test } from "@jest/globals";
import { OCSF_CLASSES, type EventType, type OcsfClass, type SecurityEvent } from "../kernel/event.js";
import { toOcsf, type OcsfInput } from "./ocsf.js";

const SOURCE = resolve(__dirname, "..");
const SCHEMAS = resolve(SOURCE, "../../../shared/data/ocsf");

const hasSchemas = existsSync(SCHEMAS);
if (!hasSchemas)
  process.stderr.write(`\n*** NOT RUN: the published OCSF 1.8.0 schemas are not here (${SCHEMAS}) ***\n`);

const ajv = new Ajv({ strict: false, allErrors: true });
const compiled = new Map<OcsfClass, ValidateFunction>();
const schema = (name: OcsfClass): ValidateFunction => {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const file = resolve(SCHEMAS, `${name.replaceAll("-", "_")}.schema.json`);
  const made = ajv.compile(JSON.parse(readFileSync(file, "utf8")) as object);
  compiled.set(name, made);
  return made;
};

/** Every row of every domain's and of the gate's table of events. */
const allEvents = (): EventType[] =>
  readdirSync(SOURCE, { withFileTypes: true })
    .filter((folder) => folder.isDirectory() && existsSync(resolve(SOURCE, folder.name, "events.ts")))
    .flatMap((folder) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the list of domains is the file system's
      const tables = require(resolve(SOURCE, folder.name, "events.ts")) as Record<string, Record<string, EventType>>;
      return Object.values(tables).flatMap((table) => Object.values(table));
    });

const bare = (type: EventType): SecurityEvent => ({ type, outcome: "success" });
const full = (type: EventType): SecurityEvent => ({
  type,
  outcome: "failure",
  subject: "uid-of-a-person",
  actor: "uid-of-an-operator",
  session: "sid",
  ip: "203.0.113.77",
  country: "NL",
  asn: 64_500,
  userAgent: "Mozilla/5.0 (a browser)",
  detail: {
    call: "x-y-z",
    reasons: ["a", "b"],
    count: 3,
    fresh: true,
    collection: "people",
    scope: "privacy.erase",
    roles: ["admin"],
  },
});

const input = (event: SecurityEvent): OcsfInput => ({
  event,
  id: "AAAAAAAAAAAAAAAAAAAAAA",
  at: Date.UTC(2026, 10, 22),
  ...(event.subject !== undefined && { subject: "pseudonym-1" }),
  ...(event.actor !== undefined && { actor: "pseudonym-2" }),
});

const faults = (event: SecurityEvent): string[] => {
  const validate = schema(event.type.class);
  const built = JSON.parse(JSON.stringify(toOcsf(input(event)))) as unknown;
  return validate(built)
    ? []
    : (validate.errors ?? []).map((fault) => `${event.type.name}: ${fault.instancePath} ${fault.message ?? ""}`);
};

describe("an event as OCSF 1.8.0", () => {
  test("is found for the gate and this domain at least", () => {
    const names = allEvents().map((type) => type.name);
    expect(names).toEqual(expect.arrayContaining(["request.denied", "audit.data-read"]));
    expect(new Set(names).size).toBe(names.length);
  });

  if (hasSchemas) {
    test.each([
      ["with nothing but its type", bare],
      ["with everything an event can carry", full],
    ] as const)("is valid %s, for every row of every domain", (_, make) =>
      expect(allEvents().flatMap((type) => faults(make(type)))).toEqual([]),
    );

    test("is valid in every class and every severity, whether or not a domain uses it yet", () => {
      const rows = (Object.keys(OCSF_CLASSES) as OcsfClass[]).flatMap((name) =>
        (["informational", "low", "medium", "high", "critical", "fatal"] as const).flatMap((severity) =>
          [1, 2].map((activity) => ({ name: `test.${name}`, class: name, activity, severity, message: "A test." })),
        ),
      );
      expect(rows.flatMap((type) => [...faults(bare(type)), ...faults(full(type))])).toEqual([]);
    });

    test("is refused by the schemas when its activity does not exist, so they do check", () => {
      const type: EventType = {
        name: "test.x",
        class: "authentication",
        activity: 55,
        severity: "low",
        message: "A test.",
      };
      expect(faults(bare(type))).not.toEqual([]);
    });
  }

  test.each(allEvents().map((type) => [type.name, type] as const))(
    "%s names no account, address or browser",
    (_, type) => {
      const text = JSON.stringify(toOcsf(input(full(type))));
      for (const secret of ["uid-of", "203.0.113.77", "Mozilla"]) expect(text).not.toContain(secret);
    },
  );

  test("keeps the network of an address", () => {
    const type: EventType = {
      name: "test.x",
      class: "authentication",
      activity: 1,
      severity: "low",
      message: "A test.",
    };
    expect(toOcsf(input({ ...bare(type), ip: "2001:db8:1:2::3" }))["src_endpoint"]).toMatchObject({
      subnet_uid: "2001:db8:1::/48",
    });
  });
});
