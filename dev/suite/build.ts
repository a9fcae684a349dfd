import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { withLock } from "../setup/lock.mjs";
import { say, setupError, step } from "../setup/say.mjs";
import { cacheDir, root, stateDir } from "./paths.ts";

/** Builds the functions and the console, where their sources changed. Answers a fingerprint of what was built. */
export const buildAll = async (): Promise<string> => `${await buildFunctions()}-${await buildConsole()}`;

/** Builds functions/lib. Answers a fingerprint of its sources. */
export const buildFunctions = (): Promise<string> => withLock(BUILD_LOCK, "building", compileFunctions);

const buildConsole = (): Promise<string> => withLock(BUILD_LOCK, "building", bundleConsole);

const BUILD_LOCK = join(stateDir, "build.lock");

const compileFunctions = async (): Promise<string> => {
  const folder = join(root, "functions");
  if (!existsSync(join(folder, "package.json")))
    throw setupError("functions/package.json is missing. Restore it with git checkout.");
  const sources = ["src", "scripts", "package-lock.json", "tsconfig.build.json", "../tsconfig.base.json"];
  const hash = hashOf(sources.map((path) => join(folder, path)));
  await unlessBuilt("functions", hash, join(folder, "lib/index.js"), async () => {
    removeOrphans(join(folder, "src"), join(folder, "lib"));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { code, output } = await run(folder, [tsc, "-p", "tsconfig.build.json"]);
    if (!existsSync(join(folder, "lib/index.js"))) throw setupError(`functions/ does not compile:\n${output}`);
    // The types are the gate's to refuse; a running suite is worth more to whoever is fixing them.
    if (code !== 0)
      say(`WARNING  functions/ has type errors, \`npm run ok\` shows them all:\n${firstLines(output, 5)}`);
    await packNetworks(folder);
    return code === 0;
  });
  return hash;
};

const firstLines = (text: string, count: number): string => text.split("\n").slice(0, count).join("\n");

/** The table of countries and networks that detection reads. The script does nothing when it is up to date. */
const packNetworks = async (folder: string): Promise<void> => {
  const script = join(folder, "scripts/pack-networks.mjs");
  if (!existsSync(script)) return;
  const { code, output } = await run(folder, [script, "lib/data"]);
  if (code !== 0) throw setupError(`the table of networks could not be packed:\n${output}`);
};

const bundleConsole = async (): Promise<string> => {
  const folder = join(root, "console");
  if (!existsSync(join(folder, "package.json"))) return "none";
  const hash = hashOf([folder, join(root, "client"), join(root, "functions/src")]);
  await unlessBuilt("console", hash, join(folder, "dist/index.html"), async () => {
    const { code, output } = await run(folder, [
      join(folder, "node_modules/vite/bin/vite.js"),
      "build",
      "--logLevel",
      "warn",
    ]);
    if (code !== 0) throw setupError(`console/ does not build:\n${output}`);
    return true;
  });
  return hash;
};

/** Removes results whose source is gone; and, where the entry is missing, what makes tsc think it had written it. */
const removeOrphans = (src: string, lib: string): void => {
  if (!existsSync(lib)) return;
  if (!existsSync(join(lib, "index.js"))) rmSync(join(lib, ".tsbuildinfo"), { force: true });
  const results = readdirSync(lib, { recursive: true, encoding: "utf8" }).filter((file) => /\.js(\.map)?$/.test(file));
  for (const file of results) {
    if (!existsSync(join(src, file.replace(/\.js(\.map)?$/, ".ts")))) rmSync(join(lib, file), { force: true });
  }
};

/** `build` answers whether its result may be kept for the next start. */
const unlessBuilt = async (
  name: string,
  hash: string,
  result: string,
  build: () => Promise<boolean>,
): Promise<void> => {
  const stamp = join(cacheDir, `${name}.built`);
  if (existsSync(result) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  rmSync(stamp, { force: true });
  if (!(await step(`build ${name}`, build))) return;
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(stamp, hash);
};

const NOT_SOURCES = /(^|\/)(node_modules|dist|lib|coverage)(\/|$)|\.test\.tsx?$/;

/** Hash of the names and contents of files and of everything in folders, tests and results left out. */
export const hashOf = (paths: readonly string[]): string => {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesIn))
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
};

const filesIn = (path: string): string[] => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !NOT_SOURCES.test(name))
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
};

const run = (cwd: string, args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", fail);
    child.on("exit", (code) => done({ code: code ?? 1, output: output.trim() }));
  });
