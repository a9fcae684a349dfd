import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { tick } from "./schedule.ts";

// What the Functions emulator answers: its list of triggers, and 200 or 500 for a run.
let server: Server;
let called: { url: string; body: string }[] = [];
let status = 200;

beforeEach(async () => {
  called = [];
  status = 200;
  server = createServer((request, response) => {
    if (request.url === "/backends") {
      const functionTriggers = [
        {
          id: "europe-west1-audit-log-sequence",
          name: "audit-log-sequence",
          schedule: { schedule: "every 1 minutes" },
        },
        { id: "europe-west1-identity-totp-verify", name: "identity-totp-verify" },
      ];
      response.end(JSON.stringify({ backends: [{ functionTriggers }] }));
      return;
    }
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      called.push({ url: request.url ?? "", body });
      response.writeHead(status).end("sorry");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => new Promise((done) => server.close(done)));

const suite = () => ({
  project: "demo-firekeep",
  urls: { functions: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` } as never,
});

test("a scheduled function is run by its trigger", async () => {
  await tick(suite(), "audit-log-sequence");
  expect(called.map(({ url }) => url)).toEqual([
    "/functions/projects/demo-firekeep/triggers/europe-west1-audit-log-sequence-0",
  ]);
  expect(JSON.parse(called[0]?.body ?? "")).toMatchObject({ jobName: "audit-log-sequence" });
});

test("a function without a schedule, or without a name, is refused", async () => {
  await expect(tick(suite(), "identity-totp-verify")).rejects.toThrow(
    "There is no scheduled function identity-totp-verify.",
  );
  expect(called).toEqual([]);
});

test("a failing run is an error", async () => {
  status = 500;
  await expect(tick(suite(), "audit-log-sequence")).rejects.toThrow("audit-log-sequence answered 500: sorry");
});
