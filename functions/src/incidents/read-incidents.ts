import type { EpochMs } from "../kernel/time.js";
import { incidentsError } from "./errors.js";
import type { Incident, IncidentState } from "./incident.js";
import type { IncidentStore } from "./incident-store.js";

interface Deps {
  readonly incidents: IncidentStore;
}

export const listIncidents = async (
  { incidents }: Deps,
  { state, limit, before }: { state?: IncidentState | undefined; limit: number; before?: EpochMs | undefined },
) => ({
  incidents: (
    await incidents.list({ limit, ...(state !== undefined && { state }), ...(before !== undefined && { before }) })
  ).map(shown),
});

/** @throws incidents/not-found */
export const readIncident = async ({ incidents }: Deps, id: string) => {
  const [incident, timeline] = await Promise.all([incidents.find(id), incidents.timeline(id)]);
  if (incident === undefined) throw incidentsError("not-found");
  return {
    incident: shown(incident),
    timeline: timeline.map(({ id: entry, at, kind, by, text }) => ({ id: entry, at, kind, by, text })),
  };
};

/** An incident as operators see it: without the bookkeeping that makes consuming repeatable. */
export const shown = (incident: Incident) => ({
  id: incident.id,
  state: incident.state,
  severity: incident.severity,
  title: incident.title,
  rule: incident.rule,
  uids: [...incident.uids],
  ...(incident.networkPrefix !== undefined && { networkPrefix: incident.networkPrefix }),
  openedAt: incident.openedAt,
  updatedAt: incident.updatedAt,
  ...(incident.awareAt !== undefined && { awareAt: incident.awareAt }),
  ...(incident.regulatorDueAt !== undefined && { regulatorDueAt: incident.regulatorDueAt }),
  findings: incident.findings,
});
