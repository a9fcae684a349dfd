// The one entry of `npm start`, `npm test`, `npm run ok` and `npm run bench`: brings the right Node and every
// folder's packages, then hands over to dev/commands/<name>.ts under that Node. Needs nothing but Node 18.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { installAll } from "./setup/install.mjs";
import { nodeForCommands } from "./setup/node.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof Error && error.name === "SetupError";
  console.error(known ? `firekeep: ${error.message}` : error);
  process.exitCode = 1;
}

/** @param {string[]} args */
async function main([name, ...args]) {
  const commands = readdirSync(join(root, "dev/commands")).filter((file) => /^[a-z-]+\.ts$/.test(file));
  const names = commands.map((file) => file.slice(0, -3));
  if (name === undefined || !names.includes(name)) {
    console.error(`firekeep: there is no command "${name ?? ""}". Say one of: ${names.join(", ")}.`);
    return 1;
  }
  await installAll(root);
  return run(nodeForCommands(root), join(root, "dev/commands", `${name}.ts`), args);
}

/**
 * Runs a command in the foreground. Signals are passed on, and the command decides how to end.
 * @param {string} node @param {string} script @param {string[]} args @returns {Promise<number>}
 */
function run(node, script, args) {
  const path = [dirname(node), join(root, "node_modules/.bin"), process.env["PATH"] ?? ""].join(delimiter);
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", script, ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code, signal) => done(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
