import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { setupError } from "../setup/say.mjs";

/**
 * Every port that the Firebase CLI opens. `inspector` is the debugger port that makes functions share one worker;
 * on `receiver` and `partner` nothing listens: a test's own web server may, and webhooks and signals are allowed to reach it.
 */
export const PORT_NAMES = [
  "auth", "functions", "firestore", "websocket", "pubsub", "tasks", "storage", "eventarc", "hosting", "hub", "logging", "inspector", "receiver", "partner",
] as const; // prettier-ignore

export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Record<PortName, number>;

/** Below every system's range for outgoing connections, so that none takes a port between choice and use. */
const FIRST = 20_000;
const LAST = 29_000;

export interface PortChoice {
  /** Ports that must be used as they are. */
  fixed: Partial<Ports>;
  /** Ports that are used when they are free. */
  preferred?: Partial<Ports>;
  isFree?: (port: number) => Promise<boolean>;
  /** Where the search for free ports begins. */
  start?: number;
}

/** A free port for every name, all different. */
export const choosePorts = async ({
  fixed,
  preferred = {},
  isFree = isFreePort,
  start,
}: PortChoice): Promise<Ports> => {
  const taken = new Set<number>(Object.values(fixed));
  let next = start ?? randomInt(FIRST, LAST);
  const chosen: Partial<Ports> = {};
  for (const name of PORT_NAMES) {
    const wanted = fixed[name];
    if (wanted !== undefined) {
      if (!(await isFree(wanted))) throw portTaken(name, wanted);
      chosen[name] = wanted;
      continue;
    }
    const liked = preferred[name];
    if (liked !== undefined && !taken.has(liked) && (await isFree(liked))) {
      chosen[name] = liked;
    } else {
      while (taken.has(next) || !(await isFree(next))) next += 1;
      chosen[name] = next;
    }
    taken.add(chosen[name]);
  }
  return chosen as Ports;
};

/** Ports that the operator fixed: `--port-hosting 5000` and `FIREKEEP_PORT_HOSTING=5000`; the flag wins. */
export const fixedPorts = (args: readonly string[], env: Record<string, string | undefined>): Partial<Ports> => {
  const fixed: Partial<Ports> = {};
  for (const name of PORT_NAMES) {
    const flag = `--port-${name}`;
    const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
    const text = at < 0 ? env[`FIREKEEP_PORT_${name.toUpperCase()}`] : (args[at]?.split("=")[1] ?? args[at + 1]);
    if (at < 0 && (text === undefined || text === "")) continue;
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1024 || port > 65_535) {
      throw setupError(`the port of ${name} must be a number from 1024 to 65535, and is "${text ?? ""}".`);
    }
    fixed[name] = port;
  }
  return fixed;
};

const portTaken = (name: PortName, port: number): Error =>
  setupError(
    `port ${String(port)}, fixed for ${name}, is taken. Stop what uses it, choose another with --port-${name}, ` +
      "or leave the flag out to get a free one.",
  );

const isFreePort = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => done(true)));
  });
