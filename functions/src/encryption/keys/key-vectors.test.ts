import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { config } from "../../config.js";
import type { KeyClass } from "./key-class.js";
import { summaryOf } from "./key-row.js";
import { classesOf, type SubjectKeys } from "./subject-keys.js";
import { kmsKeyOf, placeBytes } from "./wrap-key.js";

/** docs/vectors/keys.json, published for other implementations: section "Wrapped data keys" of docs/formats.md. */
const file = join(__dirname, "../../../../docs/vectors/keys.json");

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const PLACES: readonly (readonly [subject: string, keyClass: KeyClass, version: number])[] = [
  ["u1", "RED", 1],
  ["u1", "AMBER", 1],
  ["u1", "VAULT", 12],
  ["u1", "RED@us-east1", 1],
  ["system:webhooks", "RED", 1],
  ["Zoë-ß-日本", "AMBER@europe-west3", 4_294_967_295],
];

const wrapping = ([subject, keyClass, version]: (typeof PLACES)[number]) => {
  const { ring, key, location } = kmsKeyOf(keyClass);
  const at = `projects/p/locations/${location ?? "europe-west1"}`;
  return {
    subject,
    class: keyClass,
    version,
    kmsKey: `${at}/keyRings/${config.kms.rings[ring]}/cryptoKeys/${key}`,
    additionalAuthenticatedData: hex(placeBytes({ subject, keyClass, version })),
  };
};

const wrapped = (kek: number) => ({ wrapped: Buffer.of(0), createdAt: 1_800_000_000_000, kek });
const ROWS: readonly SubjectKeys[] = [
  { RED: { 1: wrapped(1) } },
  { RED: { 1: wrapped(3), 2: wrapped(2) }, AMBER: { 2: wrapped(4) } },
  { RED: { 5: wrapped(7) }, "RED@us-east1": { 3: wrapped(1), 5: wrapped(2) }, VAULT: { 4: wrapped(9) } },
];

const row = (keys: SubjectKeys) => ({
  keks: Object.fromEntries(
    classesOf(keys).map((keyClass) => [
      keyClass,
      Object.fromEntries(Object.entries(keys[keyClass] ?? {}).map(([version, { kek }]) => [version, kek])),
    ]),
  ),
  ...summaryOf(keys),
});

test("the published vectors are what this code makes (written anew with FIREKEEP_UPDATE_GOLDEN=1)", () => {
  const made = `${JSON.stringify(
    {
      about: "Firekeep, docs/formats.md, section Wrapped data keys. Bytes are in hex. Home is europe-west1.",
      wrappings: PLACES.map(wrapping),
      rows: ROWS.map(row),
    },
    null,
    2,
  )}\n`;
  if (process.env["FIREKEEP_UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, made);
  }
  expect(existsSync(file)).toBe(true);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(made));
});
