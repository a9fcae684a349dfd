import { beforeEach, expect, test } from "@jest/globals";
import type { CallableRequest } from "firebase-functions/v2/https";
import type { SecurityEvent } from "../kernel/event.js";
import { requestError } from "./errors.js";
import { bindGate } from "./gate-ports.js";
import { settle } from "./settle.js";

const recorded: SecurityEvent[] = [];

beforeEach(() => {
  recorded.length = 0;
  bindGate({
    record: async (event) => void recorded.push(event),
    stepUp: () => Promise.reject(new Error("not asked for here")),
    methods: async () => [],
    observe: () => Promise.reject(new Error("not asked for here")),
    sessionStolen: () => Promise.reject(new Error("not asked for here")),
  });
});

const from = (ip: string) => ({ rawRequest: { headers: { "x-forwarded-for": ip } } }) as unknown as CallableRequest;
const call = { id: "test-thing-do", clock: () => 0 };
const run = (ip: string, error: Error) =>
  settle(call, from(ip), () => Promise.reject(error)).catch((thrown: unknown) => thrown);

test("a refusal is answered with its public code and told", async () => {
  const answer = await run("198.51.100.1", requestError("forbidden", { cause: new Error("role table row 7") }));
  expect(answer).toMatchObject({ code: "permission-denied", details: { code: "request/forbidden" } });
  expect(JSON.stringify(answer)).not.toContain("row 7");
  expect(recorded).toMatchObject([{ outcome: "failure", ip: "198.51.100.1", detail: { code: "request/forbidden" } }]);
});

test("an unknown failure says nothing of itself", async () => {
  const answer = await run("198.51.100.2", new Error("ann@example.org not found in shard 3"));
  expect(answer).toMatchObject({ code: "internal", details: { code: "request/internal" } });
  expect(JSON.stringify(answer)).not.toContain("ann@example.org");
});

test("a token without a session names nobody: its account may be erased", async () => {
  const signedIn = { ...from("198.51.100.3"), auth: { uid: "ann" } } as unknown as CallableRequest;
  const refuse = (code: "session-missing" | "session-revoked") =>
    settle(call, signedIn, () => Promise.reject(requestError(code))).catch(() => undefined);
  await refuse("session-missing");
  expect(recorded.at(-1)).not.toHaveProperty("subject");
  await refuse("session-revoked");
  expect(recorded.at(-1)).toMatchObject({ subject: "ann" });
});

test("a flood of calls without a session does not fill the log", async () => {
  for (let index = 0; index < 500; index += 1) await run("203.0.113.9", requestError("session-missing"));
  expect(recorded.length).toBeLessThanOrEqual(21);
  await run("192.0.2.9", requestError("session-missing"));
  expect(recorded.at(-1)).toMatchObject({ ip: "192.0.2.9" });
});
