import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { hashOf } from "./build.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firekeep-build-"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/a.ts"), "a");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("content, name and a new file change the fingerprint", () => {
  const seen = [hashOf([folder])];
  writeFileSync(join(folder, "src/a.ts"), "b");
  seen.push(hashOf([folder]));
  renameSync(join(folder, "src/a.ts"), join(folder, "src/c.ts"));
  seen.push(hashOf([folder]));
  writeFileSync(join(folder, "src/d.ts"), "");
  seen.push(hashOf([folder]));
  expect(new Set(seen).size).toBe(4);
});

test("tests, results and packages do not", () => {
  const before = hashOf([folder]);
  for (const path of ["src/a.test.ts", "lib/a.js", "dist/x", "node_modules/p/i.js"]) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "x");
  }
  expect(hashOf([folder])).toBe(before);
});

test("an absent path counts as empty", () => {
  expect(hashOf([join(folder, "absent")])).toBe(hashOf([]));
});
