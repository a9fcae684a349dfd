import { afterEach, describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { findBreach } from "./breach-range.js";

const BREACHED = "correct horse battery staple";
const hash = createHash("sha1").update(BREACHED).digest("hex").toUpperCase();
const row = (suffix: string, count: number) => `${suffix}:${String(count)}`;
const padding = Array.from({ length: 900 }, (_, index) => row(index.toString(16).toUpperCase().padStart(35, "0"), 0));

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve))));

/** A range service of our own, which answers as told and keeps what it was asked. */
const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  const asked: IncomingMessage[] = [];
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    service: { baseUrl: `http://127.0.0.1:${String(port)}/range`, timeoutMs: 300, maxBytes: 64 * 1_024 },
  };
};

const withRows = (rows: readonly string[]) => serve((_, response) => response.end(rows.join("\r\n")));

describe("a breached password", () => {
  test("is found by its suffix; the service sees five hex digits and nothing else", async () => {
    const { service, asked } = await withRows([row("0".repeat(35), 7), row(hash.slice(5), 4_711), ...padding]);
    expect(await findBreach(service, BREACHED)).toBe("found");
    expect(asked.map(({ url, method }) => [method, url])).toEqual([["GET", `/range/${hash.slice(0, 5)}`]]);
    expect(asked[0]?.headers).toMatchObject({ "add-padding": "true" });
    expect(JSON.stringify([asked[0]?.headers, asked[0]?.url])).not.toContain(hash.slice(5));
  });

  test("is clean when only padding has its suffix, or nothing has", async () => {
    const { service } = await withRows([row(hash.slice(5), 0), ...padding]);
    expect(await findBreach(service, BREACHED)).toBe("clean");
    expect(await findBreach(service, "another password entirely")).toBe("clean");
  });

  test("is asked about nowhere without an address", async () => {
    expect(await findBreach({ baseUrl: undefined, timeoutMs: 1, maxBytes: 1 }, BREACHED)).toBe("off");
  });
});

describe("a service that does not answer well leaves it unknown", () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ["an error", (response) => response.writeHead(503).end()],
    ["a redirect", (response) => response.writeHead(302, { location: "/elsewhere" }).end()],
    ["a page", (response) => response.end("<!doctype html><title>Sign in</title>")],
    ["half a row", (response) => response.end(row(hash.slice(6), 3))],
    ["nothing at all", (response) => response.end("")],
    ["a cut connection", (response) => response.write(row(hash.slice(5), 9), () => response.destroy())],
  ])("%s", async (_, answer) => {
    const { service } = await serve((__, response) => answer(response));
    expect(await findBreach(service, BREACHED)).toBe("unknown");
  });

  test("silence, and a first byte without the rest: within its time", async () => {
    const { service } = await serve((request, response) => {
      if (request.url?.endsWith(hash.slice(0, 5))) response.write(`${row("0".repeat(35), 1)}\r\n`);
    });
    const started = performance.now();
    expect(await findBreach(service, BREACHED)).toBe("unknown");
    expect(await findBreach(service, "something else")).toBe("unknown");
    expect(performance.now() - started).toBeLessThan(2_000);
    server?.closeAllConnections();
  });

  test("an answer without an end is not read to its end", async () => {
    let sent = 0;
    const { service } = await serve((_, response) => {
      const more = () => {
        while (sent < 50_000_000 && response.write(`${padding.join("\r\n")}\r\n`)) sent += 34_000;
        if (!response.destroyed) response.once("drain", more);
      };
      response.on("close", () => response.destroy());
      more();
    });
    expect(await findBreach({ ...service, timeoutMs: 5_000 }, BREACHED)).toBe("unknown");
    expect(sent).toBeLessThan(50_000_000);
    server?.closeAllConnections();
  });

  test("nobody at the address", async () => {
    const service = { baseUrl: "http://127.0.0.1:9", timeoutMs: 300, maxBytes: 1_000 };
    expect(await findBreach(service, BREACHED)).toBe("unknown");
  });
});
