import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ownCollections } from "../../platform/own-data.js";
import { ownSecrets } from "../../platform/own-data/secrets.js";

const SOURCE = join(__dirname, "../..");

const sources = (): string[] =>
  readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter(
      (name) => name.endsWith(".ts") && !/\.(test|fixture|contract)\.ts$/.test(name) && !name.includes("own-data"),
    )
    .map((name) => readFileSync(join(SOURCE, name), "utf8"));

// Sealed with secrets, and no documents: exports, which `retire` waits for (objectsKeptMs).
const OBJECTS = ["object:"];

test("every label that secrets are sealed under is known to the sweep: what it does not find would be lost with its key", () => {
  const labels = sources().flatMap((text) =>
    [...text.matchAll(/label: `([a-z.:]+\/?)\$\{|seedLabel = .*`([a-z.]+\/)\$\{/g)].map(
      ([, one, other]) => one ?? other,
    ),
  );
  const known = ownSecrets.map(({ label }) => label.replace(/\{.*$/, ""));
  const inDocuments = labels.filter((label) => !OBJECTS.includes(label ?? ""));
  expect([...new Set(inDocuments)].sort()).toEqual([...new Set(known)].sort());
});

test("every secret's home is a sealed field of a collection of the default database", () => {
  for (const { collection, field } of ownSecrets) {
    const declared = ownCollections[collection as keyof typeof ownCollections] as {
      database?: string;
      fields: Record<string, { sealed?: boolean }>;
    };
    expect([collection, field, declared.database, declared.fields[field]?.sealed]).toEqual([
      collection,
      field,
      undefined,
      true,
    ]);
  }
});
