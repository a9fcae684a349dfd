import { afterAll, beforeAll, expect, test } from "@jest/globals";
import childProcess from "node:child_process";
import dns from "node:dns";
import fs from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import { deployedFunctions, type Deployed } from "./deployed.ts";

/**
 * The doors of a process. Discovery must open none: `firebase deploy` loads the code on a machine that has neither the
 * project's data nor its configuration, and every cold start pays for what loading does.
 */
const DOORS: readonly (readonly [string, object, readonly string[]])[] = [
  ["net", net.Socket.prototype, ["connect"]],
  ["net", net, ["connect", "createConnection", "createServer"]],
  ["dns", dns, ["lookup", "resolve"]],
  ["dns", dns.promises, ["lookup", "resolve"]],
  ["http", http, ["request", "get", "createServer"]],
  ["https", https, ["request", "get"]],
  ["http2", http2, ["connect"]],
  ["globalThis", globalThis, ["fetch"]],
  ["child_process", childProcess, ["spawn", "spawnSync", "exec", "execFile", "execSync", "execFileSync", "fork"]],
  ["fs", fs, ["readFile", "readFileSync", "open", "openSync", "createReadStream", "readdir", "readdirSync"]],
  ["fs", fs, ["writeFile", "writeFileSync", "mkdir", "mkdirSync", "appendFile", "appendFileSync", "createWriteStream"]],
  ["fs", fs.promises, ["readFile", "open", "readdir", "writeFile", "mkdir", "appendFile"]],
];

// Modules, and what the runner keeps of them.
const CODE = /\.(c|m)?(js|ts)$|\.json$|\.map$|jest|node_modules/;

const opened: string[] = [];
const variables = new Set<string>();
const undo: (() => void)[] = [];
let functions: ReadonlyMap<string, Deployed>;

beforeAll(() => {
  for (const [name, door, methods] of DOORS)
    for (const method of methods) watch(name, door as Record<string, unknown>, method);
  const environment = process.env;
  process.env = new Proxy(environment, {
    get: (values, variable) => {
      if (typeof variable === "string") variables.add(variable);
      return Reflect.get(values, variable) as unknown;
    },
  });
  undo.push(() => void (process.env = environment));
  functions = deployedFunctions();
  for (const { __endpoint } of functions.values()) JSON.stringify(__endpoint);
  for (const restore of undo.splice(0)) restore();
});
afterAll(() => {
  for (const restore of undo.splice(0)) restore();
});

const watch = (name: string, door: Record<string, unknown>, method: string): void => {
  const real = door[method];
  if (typeof real !== "function") throw new TypeError(`there is no ${name}.${method} to watch`);
  door[method] = function (this: unknown, ...args: unknown[]): unknown {
    const what = String(args[0]);
    if (name !== "fs" || !CODE.test(what)) opened.push(`${name}.${method} ${what}`);
    return Reflect.apply(real, this, args) as unknown;
  };
  undo.push(() => void (door[method] = real));
};

test("the functions of all six domains are found", () => {
  const domains = new Set([...functions.keys()].map((id) => id.split("-")[0]));
  expect([...domains].sort()).toEqual(["audit", "detection", "encryption", "identity", "incidents", "privacy"]);
});

test("finding them opens no connection, no process and no file but code", () => {
  expect(opened).toEqual([]);
});

test("finding them asks for none of the project's variables", () => {
  expect(variables.size).toBeGreaterThan(0);
  expect([...variables].filter((name) => name.startsWith("FIREKEEP_"))).toEqual([]);
});
