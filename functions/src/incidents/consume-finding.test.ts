import { describe, expect, test } from "@jest/globals";
import type { SecurityEvent } from "../kernel/event.js";
import { HOUR } from "../kernel/time.js";
import { consumeFinding, type ConsumeDeps } from "./consume-finding.js";
import { readFinding, type Finding } from "./finding.js";
import { memoryIncidentStore } from "./incident-store.js";
import { memoryOutboxStore } from "./outbox-store.js";
import { triageIncident } from "./triage-incident.js";
import { memoryWebhookStore } from "./webhook-store.js";

const AT = Date.UTC(2026, 0, 15, 12);

const finding = (over: Partial<Finding> = {}): Finding => ({
  findingId: "finding-1-0123456789",
  rule: "second-factor-failures",
  title: "Many wrong second factors for one account",
  level: "high",
  groupBy: { uid: "uid-ada", networkPrefix: "198.51.100.0/24" },
  groupedBy: ["uid"],
  eventIds: ["e1"],
  at: AT,
  response: ["block", "revoke-sessions"],
  ...over,
});

const set = (overrides: Partial<ConsumeDeps> = {}) => {
  const events: SecurityEvent[] = [];
  const blocks: object[] = [];
  const revoked: string[] = [];
  const queued: string[] = [];
  const outbox = memoryOutboxStore();
  let drawn = 0;
  const deps = {
    incidents: memoryIncidentStore(),
    webhooks: memoryWebhookStore(),
    outbox,
    identity: {
      block: (request: object) => Promise.resolve(void blocks.push(request)),
      revokeSessions: (uid: string) => Promise.resolve(revoked.push(uid)),
    },
    enqueue: (id: string) => Promise.resolve(void queued.push(id)),
    record: (event: SecurityEvent) => Promise.resolve(void events.push(event)),
    clock: () => AT + 2_000,
    random: (size: number) => new Uint8Array(size).fill((drawn += 1)),
    blockMs: HOUR,
    ...overrides,
  };
  return { deps, events, blocks, revoked, queued, outbox };
};

const names = (events: SecurityEvent[]) => events.map(({ type }) => type.name);

const withWebhook = async (deps: ConsumeDeps) =>
  deps.webhooks.add({
    id: "hook",
    url: "https://example.org/",
    createdAt: 0,
    createdBy: "op",
    secret: new Uint8Array(1),
  });

describe("consuming a finding", () => {
  test("opens an incident, blocks the pair, ends the sessions, and queues the notice", async () => {
    const { deps, events, blocks, revoked, queued, outbox } = set();
    await withWebhook(deps);
    const incident = await consumeFinding(deps, finding());
    expect(incident).toMatchObject({
      state: "detected",
      severity: "high",
      uids: ["uid-ada"],
      networkPrefix: "198.51.100.0/24",
      openedAt: AT,
    });
    expect(incident).not.toHaveProperty("awareAt");
    expect(blocks).toEqual([
      {
        uid: "uid-ada",
        networkPrefix: "198.51.100.0/24",
        until: AT + 2_000 + HOUR,
        reason: "incident",
        incident: incident?.id,
      },
    ]);
    expect(revoked).toEqual(["uid-ada"]);
    expect(names(events)).toEqual([
      "incidents.incident-opened",
      "incidents.access-blocked",
      "incidents.sessions-revoked",
    ]);
    const timeline = await deps.incidents.timeline(incident?.id ?? "");
    expect(timeline.map(({ kind }) => kind)).toEqual(["opened", "containment", "containment"]);
    expect(JSON.stringify(timeline)).not.toMatch(/uid-ada|198\.51/);
    expect(queued).toEqual([...outbox.notices.keys()]);
    const body = JSON.parse([...outbox.notices.values()][0]?.body ?? "") as { type: string; data: object };
    expect(body).toMatchObject({
      type: "incident.opened",
      data: { incident: incident?.id, accounts: 1, contained: true },
    });
    expect(JSON.stringify(body)).not.toMatch(/uid-ada|198\.51/);
  });

  test("delivered twice does everything once", async () => {
    const { deps, events, blocks, revoked, outbox } = set();
    await withWebhook(deps);
    const first = await consumeFinding(deps, finding());
    const second = await consumeFinding(deps, finding());
    expect(second).toEqual(first);
    expect([blocks.length, revoked.length, outbox.notices.size, events.length]).toEqual([1, 1, 1, 3]);
    expect(await deps.incidents.timeline(first?.id ?? "")).toHaveLength(3);
  });

  test("delivered in any order ends in the same incident", async () => {
    const findings = [1, 2, 3].map((n) =>
      finding({
        findingId: `finding-${String(n)}-0123456789`,
        at: AT + n,
        level: n === 2 ? "critical" : "medium",
        response: [],
      }),
    );
    const ends = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2, 0, 1],
    ]) {
      const { deps } = set();
      for (const n of order) await consumeFinding(deps, findings[n] ?? finding());
      const [incident] = await deps.incidents.list({ limit: 10 });
      // Only the order in which they came may differ.
      ends.push({ ...incident, openedAs: "", findingIds: [...(incident?.findingIds ?? [])].sort() });
    }
    expect(ends[0]).toMatchObject({ severity: "critical", findings: 3, openedAt: AT + 1, updatedAt: AT + 3 });
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  test("severity only rises, with an event and a notice of its own", async () => {
    const { deps, events, outbox } = set();
    await withWebhook(deps);
    await consumeFinding(deps, finding({ level: "medium" }));
    await consumeFinding(deps, finding({ findingId: "finding-2-0123456789", level: "critical", response: [] }));
    const incident = await consumeFinding(deps, finding({ findingId: "finding-3-0123456789", level: "medium" }));
    expect(incident?.severity).toBe("critical");
    expect(names(events)).toEqual(["incidents.incident-opened", "incidents.incident-worsened"]);
    expect([...outbox.notices.values()].map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      "incident.opened",
      "incident.worsened",
    ]);
  });

  test("a message that failed half-way finishes what was left", async () => {
    const { deps, blocks, revoked, outbox } = set();
    await withWebhook(deps);
    const down = { ...deps, identity: { ...deps.identity, revokeSessions: () => Promise.reject(new Error("down")) } };
    await expect(consumeFinding(down, finding())).rejects.toThrow("down");
    expect([blocks.length, revoked.length, outbox.notices.size]).toEqual([1, 0, 0]);
    await consumeFinding(deps, finding());
    expect([blocks.length, revoked.length, outbox.notices.size]).toEqual([1, 1, 1]);
  });

  test("a notice that could not be queued is queued by the next delivery", async () => {
    const { deps, queued } = set();
    await withWebhook(deps);
    await expect(
      consumeFinding({ ...deps, enqueue: () => Promise.reject(new Error("down")) }, finding()),
    ).rejects.toThrow("down");
    await consumeFinding(deps, finding());
    expect(queued).toHaveLength(1);
  });

  test("a rule that counts by network is answered for the network", async () => {
    const { deps, blocks } = set();
    await consumeFinding(
      deps,
      finding({ rule: "accounts-tried-network", groupedBy: ["networkPrefix"], response: ["block"] }),
    );
    expect(blocks).toEqual([expect.objectContaining({ networkPrefix: "198.51.100.0/24" })]);
    expect(blocks[0]).not.toHaveProperty("uid");
  });

  test("an account is never blocked from everywhere", async () => {
    const { deps, blocks } = set();
    await consumeFinding(deps, finding({ groupBy: { uid: "uid-ada" }, response: ["block"] }));
    expect(blocks).toEqual([]);
  });

  test("medium opens an incident and contains nothing; low opens none", async () => {
    const { deps, blocks } = set();
    expect((await consumeFinding(deps, finding({ level: "medium" })))?.state).toBe("detected");
    expect(blocks).toEqual([]);
    expect(await consumeFinding(deps, finding({ level: "low", findingId: "finding-2-0123456789" }))).toBeUndefined();
    expect(await deps.incidents.list({ limit: 10 })).toHaveLength(1);
  });

  test("other accounts and other rules are other incidents", async () => {
    const { deps } = set();
    await consumeFinding(deps, finding());
    await consumeFinding(deps, finding({ findingId: "finding-2-0123456789", groupBy: { uid: "uid-bob" } }));
    await consumeFinding(deps, finding({ findingId: "finding-3-0123456789", rule: "backup-code-failures" }));
    expect(await deps.incidents.list({ limit: 10 })).toHaveLength(3);
  });

  test("after the incident is closed, a new finding opens another; one that comes again or late does not", async () => {
    const { deps } = set();
    const first = await consumeFinding(deps, finding());
    const id = first?.id ?? "";
    for (const state of ["triaged", "reviewed"] as const) await triageIncident(deps, "op", { id, state, note: "n" });
    await consumeFinding(deps, finding());
    await consumeFinding(deps, finding({ findingId: "finding-late-0123456789", at: AT - 1 }));
    expect(await deps.incidents.list({ limit: 10 })).toHaveLength(1);
    expect((await consumeFinding(deps, finding({ findingId: "finding-2-0123456789", at: AT + HOUR })))?.id).not.toBe(
      id,
    );
    expect(await deps.incidents.list({ limit: 10 })).toHaveLength(2);
  });
});

test.each([
  null,
  "x",
  {},
  { ...finding(), level: "dire" },
  { ...finding(), groupBy: "u" },
  { ...finding(), findingId: "short" },
])("%j is no finding", (message) => {
  expect(readFinding(message)).toBeUndefined();
});

test("a finding is read back as it was published", () => {
  expect(readFinding(JSON.parse(JSON.stringify({ ...finding(), tags: ["attack.t1110"] })))).toEqual(finding());
});
