import { describe, expect, test } from "@jest/globals";
import type { SecurityEvent } from "../kernel/event.js";
import { HOUR } from "../kernel/time.js";
import { NEXT_STATES, openIncident, type IncidentState } from "./incident.js";
import { memoryIncidentStore } from "./incident-store.js";
import { readIncident } from "./read-incidents.js";
import { triageIncident } from "./triage-incident.js";

const AT = 1_000_000;

const set = async () => {
  const events: SecurityEvent[] = [];
  let drawn = 0;
  const deps = {
    incidents: memoryIncidentStore(),
    record: (event: SecurityEvent) => Promise.resolve(void events.push(event)),
    clock: () => AT,
    random: (size: number) => new Uint8Array(size).fill((drawn += 1)),
  };
  await deps.incidents.change("i", () =>
    openIncident("i", {
      findingId: "finding-1-0123456789",
      rule: "r",
      title: "t",
      level: "high",
      groupBy: {},
      groupedBy: [],
      eventIds: [],
      at: 1,
      response: [],
    }),
  );
  const put = (state: IncidentState) =>
    deps.incidents.change("i", (now) => (now === undefined ? undefined : { incident: { ...now, state }, entries: [] }));
  return { deps, events, put };
};

describe("triage", () => {
  const states = Object.keys(NEXT_STATES) as IncidentState[];
  test.each(states.flatMap((from) => states.map((to) => [from, to] as const)))(
    "from %s to %s as the table says",
    async (from, to) => {
      const { deps, put } = await set();
      await put(from);
      const moved = triageIncident(deps, "op", { id: "i", state: to, note: "why" });
      if ((NEXT_STATES[from] as readonly IncidentState[]).includes(to)) expect((await moved).state).toBe(to);
      else await expect(moved).rejects.toMatchObject({ code: "incidents/state-refused", details: { from } });
    },
  );

  test("keeps who, when and why, and tells it", async () => {
    const { deps, events } = await set();
    await triageIncident(deps, "op", { id: "i", state: "triaged", note: "Looks real." });
    const { timeline } = await readIncident(deps, "i");
    expect(timeline.slice(1)).toEqual([
      expect.objectContaining({ at: AT, kind: "note", by: "op", text: "Looks real." }),
      expect.objectContaining({ at: AT, kind: "state", by: "op", text: "From detected to triaged." }),
    ]);
    expect(events).toEqual([
      expect.objectContaining({ actor: "op", detail: { incident: "i", state: "triaged", aware: false } }),
    ]);
  });

  test("the regulator's 72 hours run from the decision that a breach is known, once", async () => {
    const { deps } = await set();
    expect((await deps.incidents.find("i"))?.regulatorDueAt).toBeUndefined();
    const incident = await triageIncident(deps, "op", {
      id: "i",
      state: "triaged",
      note: "Data was read.",
      aware: true,
    });
    expect(incident).toMatchObject({ awareAt: AT, regulatorDueAt: AT + 72 * HOUR });
    await expect(
      triageIncident(deps, "op", { id: "i", state: "triaged", note: "again", aware: true }),
    ).rejects.toMatchObject({ code: "incidents/already-aware" });
  });

  test("an unknown incident is not found", async () => {
    const { deps } = await set();
    await expect(triageIncident(deps, "op", { id: "no", state: "triaged", note: "n" })).rejects.toMatchObject({
      code: "incidents/not-found",
    });
    await expect(readIncident(deps, "no")).rejects.toMatchObject({ code: "incidents/not-found" });
  });
});
