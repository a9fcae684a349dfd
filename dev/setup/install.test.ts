import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { npmEnvironment, sameVersions, staleFolders } from "./install.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "firekeep-install-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const lock = (version: string): string => JSON.stringify({ packages: { "": {}, "node_modules/a": { version } } });

const writePackage = (folder: string, files: Record<string, string>): void => {
  mkdirSync(join(root, folder, "node_modules"), { recursive: true });
  writeFileSync(join(root, folder, "package.json"), "{}");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, folder, name), content);
};

describe("which folders need an install", () => {
  test("a folder whose packages were never installed does", () => {
    writeFileSync(join(root, "package.json"), "{}");
    writeFileSync(join(root, "package-lock.json"), lock("1.0.0"));
    expect(staleFolders(root)).toEqual([root]);
  });

  test("a folder without package.json does not", () => {
    mkdirSync(join(root, "console"));
    expect(staleFolders(root)).toEqual([]);
  });

  test("an install by hand that left what the lockfile says is accepted, and again when npm's own list is gone", () => {
    writePackage("", { "package-lock.json": lock("1.0.0"), "node_modules/.package-lock.json": lock("1.0.0") });
    expect(staleFolders(root)).toEqual([]);
    rmSync(join(root, "node_modules/.package-lock.json"));
    expect(staleFolders(root)).toEqual([]);
  });

  test("a lockfile that changed since does", () => {
    writePackage("functions", { "package-lock.json": lock("1.0.0"), "node_modules/.package-lock.json": lock("1.0.0") });
    expect(staleFolders(root)).toEqual([]);
    writeFileSync(join(root, "functions/package-lock.json"), lock("1.0.1"));
    expect(staleFolders(root)).toEqual([join(root, "functions")]);
  });

  test("a missing lockfile is refused with the remedy", () => {
    writePackage("infra", {});
    expect(() => staleFolders(root)).toThrow("infra/package-lock.json is missing. Restore it with git checkout.");
  });
});

describe("comparing an install with the lockfile", () => {
  const wanted = {
    packages: {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    },
  };

  test("a package for another system may be absent", () => {
    expect(sameVersions(wanted, { packages: { "node_modules/a": { version: "1.0.0" } } })).toBe(true);
  });

  test("another version, or an absent package, differs", () => {
    expect(sameVersions(wanted, { packages: { "node_modules/a": { version: "1.0.1" } } })).toBe(false);
    expect(sameVersions(wanted, { packages: {} })).toBe(false);
  });
});

test("the inner npm hears nothing of the outer package, keeps the registry, and finds the right Node first", () => {
  const outer = {
    npm_package_json: "/x",
    npm_config_local_prefix: "/x",
    npm_config_registry: "https://r",
    NODE_ENV: "production",
    PATH: "/bin",
  };
  expect(npmEnvironment(outer, "/node22/bin/node")).toEqual({
    npm_config_registry: "https://r",
    PATH: "/node22/bin:/bin",
  });
});
