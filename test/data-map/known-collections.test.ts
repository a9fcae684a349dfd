import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { dataMap } from "../../functions/src/platform/data-map.js";
import { isKnown, mentionsInCode, mentionsInRules } from "./known-collections.js";

const root = join(__dirname, "../..");
const paths = dataMap().collections.map(({ path }) => path);
const productFiles = globSync("functions/src/**/*.ts", { cwd: root })
  .filter((file) => !/\.(test|contract|fixture)\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

test("every collection that code names is in the data map", () => {
  const mentions = mentionsInCode(productFiles);
  expect(mentions.length).toBeGreaterThan(10);
  expect(mentions.filter((mention) => !isKnown(paths, mention))).toEqual([]);
});

test("every path that the rules match or fetch is in the data map", () => {
  const mentions = mentionsInRules("firestore.rules", readFileSync(join(root, "firestore.rules"), "utf8"));
  expect(mentions.length).toBeGreaterThan(paths.length);
  expect(mentions.filter((mention) => !isKnown(paths, mention))).toEqual([]);
});

test.each([
  ['firestore().collection("shadow").doc(id)', "shadow"],
  ['firestore().collectionGroup("shadows")', "shadows"],
  ["firestore().doc(`shadow/${id}/deep/${other}`)", "shadow/{}/deep/{}"],
  ['const SHADOWS = "shadow"; firestore().collection(SHADOWS)', "shadow"],
  ['export const SHADOWS = "shadow";\n\nfirestore()\n  .collection(\n  SHADOWS)', "shadow"],
])("code that names a collection beside the map is found: %s", (text, names) => {
  const unknown = mentionsInCode([{ file: "shadow.ts", text }]).filter((mention) => !isKnown(paths, mention));
  expect(unknown.map((mention) => mention.names)).toEqual([names]);
});

test.each([
  ["match /shadow/{id} {", "shadow/{id}"],
  ["match /profiles/{uid}/shadow/{id} {", "profiles/{uid}/shadow/{id}"],
  ["get(/databases/$(database)/documents/shadow/$(request.auth.uid))", "shadow/{}"],
])("rules that name a collection beside the map are found: %s", (text, names) => {
  const unknown = mentionsInRules("shadow.rules", text).filter((mention) => !isKnown(paths, mention));
  expect(unknown.map((mention) => mention.names)).toEqual([names]);
});

test("what the map knows is not told", () => {
  const code =
    'const SESSIONS = "secSessions"; a.collection(SESSIONS); b.doc(`profiles/${uid}`); c.collection(kind.group); d.collection("timeline")';
  expect(mentionsInCode([{ file: "known.ts", text: code }]).filter((mention) => !isKnown(paths, mention))).toEqual([]);
});
