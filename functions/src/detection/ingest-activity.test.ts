import { describe, expect, test } from "@jest/globals";
import { createHmac } from "node:crypto";
import { activityEntry } from "../../../dev/story/activity-entry.js";
import type { SecurityEvent } from "../kernel/event.js";
import { ingestActivity, type IngestDeps } from "./ingest-activity.js";
import { signAgent } from "./proxied.js";
import { memorySeenStore } from "./window-store.js";

const AT = Date.UTC(2026, 0, 15, 12);
const attempt = { project: "demo-firekeep", email: "Ada@Example.org", ip: "198.51.100.7", at: AT, insertId: "abc123" };

const set = (overrides: Partial<IngestDeps> = {}) => {
  const events: SecurityEvent[] = [];
  const deps: IngestDeps = {
    seen: memorySeenStore(),
    locate: () => ({ country: "NO", asn: 2119, asnName: "Telenor" }),
    findAccount: (email) => Promise.resolve(email === "ada@example.org" ? "uid-ada" : undefined),
    keyedHash: (label, value) => Promise.resolve(Buffer.from(`${label}|${value}|`.padEnd(32, "x")).reverse()),
    record: (event) => {
      events.push(event);
      return Promise.resolve();
    },
    clock: () => AT + 5_000,
    log: () => undefined,
    ...overrides,
  };
  return { deps, events };
};

describe("ingesting the activity log", () => {
  test("a wrong password becomes an event about the account, without the address", async () => {
    const { deps, events } = set();
    expect(await ingestActivity(deps, activityEntry(attempt))).toBe(true);
    expect(events).toEqual([
      expect.objectContaining({
        outcome: "failure",
        subject: "uid-ada",
        ip: "198.51.100.7",
        country: "NO",
        asn: 2119,
        detail: { method: "password", reason: "wrong-credentials", occurredAt: AT },
      }),
    ]);
    expect(events[0]?.type.name).toBe("detection.sign-in-failed");
    expect(JSON.stringify(events)).not.toMatch(/example\.org/i);
  });

  test("an account that does not exist is a keyed hash", async () => {
    const { deps, events } = set();
    await ingestActivity(deps, activityEntry({ ...attempt, email: "nobody@example.org" }));
    expect(events[0]?.subject).toBeUndefined();
    expect(events[0]?.detail?.["account"]).toMatch(/^[\w-]{22}$/);
    expect(JSON.stringify(events)).not.toMatch(/nobody/);
  });

  test("an entry delivered twice counts once; the same insertId at another time is another entry", async () => {
    const { deps, events } = set();
    const results = await Promise.all(
      [1, 2].map(() => ingestActivity(deps, activityEntry(attempt)).catch(() => "held")),
    );
    expect(results.filter((result) => result === true)).toHaveLength(1);
    expect(await ingestActivity(deps, activityEntry(attempt))).toBe(false);
    expect(events).toHaveLength(1);
    expect(await ingestActivity(deps, activityEntry({ ...attempt, at: AT + 1 }))).toBe(true);
  });

  test("an entry whose recording failed is taken up again once its claim has run out", async () => {
    const { deps, events } = set();
    const down: IngestDeps = { ...deps, record: () => Promise.reject(new Error("down")) };
    await expect(ingestActivity(down, activityEntry(attempt))).rejects.toThrow("down");
    await expect(ingestActivity(deps, activityEntry(attempt))).rejects.toThrow(/Try again/);
    expect(await ingestActivity({ ...deps, clock: () => AT + 200_000 }, activityEntry(attempt))).toBe(true);
    expect(events).toHaveLength(1);
  });

  test("the payload is also read from protoPayload, where Google's page puts it", async () => {
    const { deps, events } = set();
    const { jsonPayload, ...entry } = activityEntry(attempt);
    expect(await ingestActivity(deps, { ...entry, protoPayload: jsonPayload })).toBe(true);
    expect(events).toHaveLength(1);
  });

  const entry = activityEntry(attempt);
  const payload = entry["jsonPayload"] as object;
  test.each<[string, unknown]>([
    ["a sign-in that succeeded", activityEntry({ ...attempt, outcome: "OK" })],
    [
      "another method",
      {
        ...entry,
        jsonPayload: {
          ...payload,
          methodName: "google.cloud.identitytoolkit.v1.AccountManagementService.GetAccountInfo",
        },
      },
    ],
    [
      "a refusal that is no wrong password",
      { ...entry, jsonPayload: { ...payload, status: { code: 3, message: "INVALID_EMAIL" } } },
    ],
    ["an entry without an id", { ...entry, insertId: undefined }],
    ["an entry without an address", { ...entry, jsonPayload: { ...payload, request: {} } }],
    ["text", "hello"],
    ["nothing", null],
    ["a list", [1, 2]],
  ])("passes over %s", async (_, message) => {
    const { deps, events } = set();
    expect(await ingestActivity(deps, message)).toBe(false);
    expect(events).toEqual([]);
  });

  test("a forged or missing caller address is left out, and a failing table does not lose the failure", async () => {
    const { deps, events } = set({
      locate: () => {
        throw new Error("ENOENT");
      },
    });
    await ingestActivity(deps, activityEntry({ ...attempt, ip: "unknown" }));
    await ingestActivity(deps, activityEntry({ ...attempt, insertId: "other" }));
    expect(events.map(({ ip }) => ip)).toEqual([undefined, "198.51.100.7"]);
  });
});

describe("what the password proxy asked", () => {
  const keyedHash: IngestDeps["keyedHash"] = (label, value) =>
    Promise.resolve(createHmac("sha256", "key").update(`${label}|${value}`).digest());
  const agentOf = (deps: IngestDeps, email = "ada@example.org", at = AT) => signAgent(deps, email, at);

  test("is passed over, since the proxy has told of it: one failure is not counted twice", async () => {
    const { deps, events } = set({ keyedHash });
    const userAgent = await agentOf(deps);
    expect(await ingestActivity(deps, activityEntry({ ...attempt, userAgent, at: AT + 900 }))).toBe(false);
    expect(await ingestActivity(deps, activityEntry({ ...attempt, userAgent: `node ${userAgent}` }))).toBe(false);
    expect(events).toEqual([]);
  });

  test("cannot be pretended: not with another's signature, for another address, later, or without one", async () => {
    const { deps, events } = set({ keyedHash });
    const mine = await agentOf(deps);
    const others = { ...deps, keyedHash: () => Promise.resolve(Buffer.alloc(32, 7)) };
    const forged = [
      { userAgent: await agentOf(others) },
      { userAgent: mine, email: "eve@example.org" },
      { userAgent: mine, at: AT + 10 * 60_000 },
      { userAgent: "firekeep-proxy/1" },
      { userAgent: mine.replace(String(AT), String(AT + 60_000)) },
    ];
    for (const [index, each] of forged.entries())
      expect(await ingestActivity(deps, activityEntry({ ...attempt, insertId: `f${String(index)}`, ...each }))).toBe(
        true,
      );
    expect(events).toHaveLength(forged.length);
  });

  test("does not reach the log with the address in it", async () => {
    expect(await agentOf(set({ keyedHash }).deps)).not.toMatch(/ada|example/);
  });
});
