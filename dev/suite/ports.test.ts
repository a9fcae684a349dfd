import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { PORT_NAMES, choosePorts, fixedPorts } from "./ports.ts";

const free =
  (taken: number[] = []) =>
  (port: number) =>
    Promise.resolve(!taken.includes(port));

describe("choosing ports", () => {
  test("every name gets a free port of its own", async () => {
    const ports = await choosePorts({ fixed: {}, isFree: free([20_001, 20_003]), start: 20_000 });
    expect(Object.keys(ports).sort()).toEqual([...PORT_NAMES].sort());
    expect(new Set(Object.values(ports)).size).toBe(PORT_NAMES.length);
    expect(Object.values(ports)).not.toContain(20_001);
    expect(Object.values(ports)).not.toContain(20_003);
  });

  test("a fixed port is used, and nothing else gets it", async () => {
    const ports = await choosePorts({ fixed: { hub: 20_000 }, isFree: free(), start: 20_000 });
    expect(ports.hub).toBe(20_000);
    expect(ports.auth).toBe(20_001);
  });

  test("a fixed port that is taken is refused with the remedy", async () => {
    await expect(choosePorts({ fixed: { hosting: 5000 }, isFree: free([5000]) })).rejects.toThrow(
      /^port 5000, fixed for hosting, is taken\..*--port-hosting/,
    );
  });

  test("a preferred port is given up when it is taken", async () => {
    const preferred = { hosting: 5055 };
    expect((await choosePorts({ fixed: {}, preferred, isFree: free() })).hosting).toBe(5055);
    expect((await choosePorts({ fixed: {}, preferred, isFree: free([5055]) })).hosting).not.toBe(5055);
  });

  test("a port that a program really listens on counts as taken", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await expect(choosePorts({ fixed: { auth: port } })).rejects.toThrow("is taken");
    await new Promise((done) => server.close(done));
  });
});

describe("ports that the operator fixes", () => {
  test("a flag goes before the environment", () => {
    expect(
      fixedPorts(["--port-hosting", "5000", "--port-auth=9099"], {
        FIREKEEP_PORT_HOSTING: "6000",
        FIREKEEP_PORT_HUB: "4400",
      }),
    ).toEqual({
      hosting: 5000,
      auth: 9099,
      hub: 4400,
    });
  });

  test.each([["--port-hosting"], ["--port-hosting=80"], ["--port-hosting=abc"], ["--port-hosting=70000"]])(
    "%s is refused",
    (flag) => {
      expect(() => fixedPorts([flag], {})).toThrow("the port of hosting must be a number from 1024 to 65535");
    },
  );
});
