import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { MAPS } from "./maps.js";

const root = join(__dirname, "../..");

test.each([
  ["firestore.rules", "firestore"],
  ["storage.rules", "storage"],
  ["firestore.indexes.json", "indexes"],
  ["firestore.keys.indexes.json", "keysIndexes"],
] as const)("%s is what the data map in force asks for: else run `npm run rules`", (file, key) => {
  expect(readFileSync(join(root, file), "utf8")).toBe(MAPS[0]?.rules[key]);
});

test.each(MAPS)("every collection and folder of $app has a section in its rules", ({ map, rules }) => {
  for (const { path } of map.collections) expect(rules.firestore).toContain(`match /${path} {`);
  for (const { folder } of map.folders) expect(rules.storage).toContain(`match /${folder}{object=**} {`);
});

test.each(MAPS)("the rules of $app begin by denying everything", ({ rules }) => {
  const firstMatches = (text: string): string[] =>
    text
      .split("\n")
      .filter((line) => /^\s*(match|allow)/.test(line))
      .slice(1, 3);
  const denied = ["allow read, write: if false;"];
  expect(firstMatches(rules.firestore).map((line) => line.trim())).toEqual(["match /{document=**} {", ...denied]);
  expect(firstMatches(rules.storage).map((line) => line.trim())).toEqual(["match /{object=**} {", ...denied]);
});

test.each(MAPS)(
  "$app's wrapped keys are in no index, and what is left of destroyed ones goes by itself",
  ({ rules }) => {
    const { fieldOverrides } = JSON.parse(rules.keysIndexes) as { fieldOverrides: { fieldPath: string }[] };
    const rows = fieldOverrides.filter((row) => "collectionGroup" in row && row.collectionGroup === "dataKeys");
    expect(rows).toEqual([
      ...["RED", "AMBER", "VAULT"].map((fieldPath) => ({ collectionGroup: "dataKeys", fieldPath, indexes: [] })),
      { collectionGroup: "dataKeys", fieldPath: "expireAt", ttl: true, indexes: [] },
    ]);
  },
);
