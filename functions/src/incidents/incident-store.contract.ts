import { expect, test } from "@jest/globals";
import type { Finding } from "./finding.js";
import { absorb, openIncident } from "./incident.js";
import type { IncidentStore } from "./incident-store.js";

const finding = (n: number): Finding => ({
  findingId: `finding-${String(n)}`.padEnd(16, "-"),
  rule: "password-failures-account",
  title: "Many wrong passwords for one account",
  level: "high",
  groupBy: { uid: `u${String(n)}`, networkPrefix: "198.51.100.0/24" },
  groupedBy: ["uid"],
  eventIds: [],
  at: 1_000 * n,
  response: ["block"],
});

/** What every incident store must do. */
export const incidentStoreContract = (make: () => { incidents: IncidentStore; id: () => string }): void => {
  test("opens an incident with its timeline, and finds both", async () => {
    const { incidents, id } = make();
    const incident = id();
    await incidents.change(incident, () => openIncident(incident, finding(1)));
    expect(await incidents.find(incident)).toMatchObject({
      id: incident,
      state: "detected",
      uids: ["u1"],
      findings: 1,
    });
    expect((await incidents.timeline(incident)).map(({ kind }) => kind)).toEqual(["opened"]);
    expect(await incidents.find(id())).toBeUndefined();
  });

  test("leaves all as it is when the change is none, or throws", async () => {
    const { incidents, id } = make();
    const incident = id();
    await incidents.change(incident, () => openIncident(incident, finding(1)));
    expect((await incidents.change(incident, () => undefined))?.findings).toBe(1);
    await expect(
      incidents.change(incident, () => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect((await incidents.find(incident))?.findings).toBe(1);
    expect(await incidents.change(id(), () => undefined)).toBeUndefined();
  });

  test("loses none of several changes at once", async () => {
    const { incidents, id } = make();
    const incident = id();
    await Promise.all(
      [1, 2, 3, 4].map((n) =>
        incidents.change(incident, (current) =>
          current === undefined ? openIncident(incident, finding(n)) : absorb(current, finding(n)),
        ),
      ),
    );
    expect(await incidents.find(incident)).toMatchObject({ findings: 4, openedAt: 1_000, updatedAt: 4_000 });
    const timeline = await incidents.timeline(incident);
    expect(timeline).toHaveLength(4);
    expect(timeline.map(({ at }) => at)).toEqual([1_000, 2_000, 3_000, 4_000]);
  });

  test("lists newest first, by state and page by page", async () => {
    const { incidents, id } = make();
    const far = 4e12 + Math.floor(Number(process.hrtime.bigint() % 1_000_000n)) * 1e6; // after every other test's
    const ids = [1, 2, 3].map(() => id());
    for (const [n, incident] of ids.entries()) {
      await incidents.change(incident, () => {
        const { incident: opened, entries } = openIncident(incident, finding(1));
        return { incident: { ...opened, openedAt: far + n, state: n === 1 ? "triaged" : "detected" }, entries };
      });
    }
    const listed = (page: { state?: "detected"; limit: number; before?: number }) =>
      incidents.list(page).then((found) => found.map((incident) => ids.indexOf(incident.id)));
    expect(await listed({ limit: 3, before: far + 3 })).toEqual([2, 1, 0]);
    expect(await listed({ limit: 2, before: far + 2 })).toEqual([1, 0]);
    expect(await listed({ limit: 2, before: far + 3, state: "detected" })).toEqual([2, 0]);
  });
};
