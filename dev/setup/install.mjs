import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { withLock } from "./lock.mjs";
import { nodeForNpm } from "./node.mjs";
import { setupError, step } from "./say.mjs";

const FOLDERS = ["", "functions", "infra", "console"];

/**
 * Installs every folder from its lockfile, where that is not done yet. Safe when several commands start at once.
 * @param {string} root
 */
export async function installAll(root) {
  if (staleFolders(root).length === 0) return;
  await withLock(join(root, ".firekeep/install.lock"), "installing", async () => {
    const stale = staleFolders(root);
    if (stale.length === 0) return;
    const node = await step("install node", () => nodeForNpm(root, npm));
    for (const folder of stale) {
      await step(`install ${relative(root, folder) || "root"}`, () => npm(CI, folder, node));
      writeFileSync(stampOf(folder), lockHash(folder));
    }
  });
}

// Install scripts are not needed by any package here, and are the part of an install that can attack.
const CI = ["ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];

/** @param {string} root @returns {string[]} folders whose packages are absent or not those of the lockfile */
export function staleFolders(root) {
  return FOLDERS.map((folder) => join(root, folder)).filter((folder) => {
    if (!existsSync(join(folder, "package.json"))) return false;
    if (!existsSync(join(folder, "package-lock.json"))) {
      throw setupError(
        `${join(relative(root, folder), "package-lock.json")} is missing. Restore it with git checkout.`,
      );
    }
    return !isInstalled(folder);
  });
}

/** @param {string} folder @returns {boolean} */
function isInstalled(folder) {
  if (!existsSync(join(folder, "node_modules"))) return false;
  const hash = lockHash(folder);
  const stamp = stampOf(folder);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return true;
  const installed = join(folder, "node_modules/.package-lock.json");
  if (!existsSync(installed) || !sameVersions(readJson(join(folder, "package-lock.json")), readJson(installed))) {
    rmSync(stamp, { force: true });
    return false;
  }
  writeFileSync(stamp, hash);
  return true;
}

/**
 * Whether an install by hand left exactly what the lockfile says. npm keeps a list of what it installed.
 * @typedef {{ packages?: Record<string, { version?: string, optional?: boolean }> }} Lock
 * @param {Lock} lock @param {Lock} installed
 */
export function sameVersions(lock, installed) {
  return Object.entries(lock.packages ?? {}).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed.packages?.[path];
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

/** @param {string} folder */
function lockHash(folder) {
  return createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
}

/** @param {string} folder */
function stampOf(folder) {
  return join(folder, "node_modules/.firekeep-lock");
}

/** @param {string} file @returns {Lock} */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * @param {string[]} args @param {string} cwd @param {string} node
 * @returns {Promise<void>}
 */
function npm(args, cwd, node) {
  const script = process.env["npm_execpath"] ?? "";
  const [command, first] = script.endsWith("npm-cli.js") ? [node, [script]] : ["npm", []];
  const child = spawn(command, [...first, ...args], { cwd, env: npmEnvironment(process.env, node) });
  const stop = () => {
    child.kill("SIGTERM");
    process.exitCode = 130;
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((done, fail) => {
    child.on("error", (cause) => fail(setupError("npm was not found. Install Node with npm (nodejs.org).", cause)));
    child.on("exit", (code) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      if (code === 0) return done();
      if (process.exitCode === 130) return fail(setupError("stopped while installing."));
      const reason = output.trim().split("\n").slice(-20).join("\n");
      fail(setupError(`npm ci failed in ${cwd}. Check that the npm registry can be reached. npm said:\n${reason}`));
    });
  });
}

/**
 * The caller's environment without what the outer npm says about the outer package, and with `node` first on PATH.
 * @param {NodeJS.ProcessEnv} env @param {string} node @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment(env, node) {
  const outer = /^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|npm_command$|INIT_CWD$|NODE_ENV$)/;
  const kept = Object.entries(env).filter(([name]) => !outer.test(name));
  return { ...Object.fromEntries(kept), PATH: [dirname(node), env["PATH"] ?? ""].join(delimiter) };
}
