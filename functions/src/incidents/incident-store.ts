import type { EpochMs } from "../kernel/time.js";
import type { Change, Incident, IncidentState, TimelineEntry } from "./incident.js";

export interface IncidentStore {
  find(id: string): Promise<Incident | undefined>;
  /**
   * Reads the incident, makes its successor and writes both the incident and its timeline entries, or nothing. Calls `next`
   * again when somebody else was faster. `undefined` from `next` leaves all as it is. Answers the incident as it then stands.
   *
   * @throws incidents/contended after many lost races
   */
  change(id: string, next: (current: Incident | undefined) => Change | undefined): Promise<Incident | undefined>;
  /** Newest first. */
  list(page: { state?: IncidentState; limit: number; before?: EpochMs }): Promise<Incident[]>;
  /** Oldest first. */
  timeline(id: string): Promise<TimelineEntry[]>;
}

export const TIMELINE_SHOWN = 500;

export const memoryIncidentStore = (): IncidentStore => {
  const incidents = new Map<string, Incident>();
  const timelines = new Map<string, Map<string, TimelineEntry>>();
  return {
    find: (id) => Promise.resolve(incidents.get(id)),
    // One turn of the event loop: nobody comes between.
    // eslint-disable-next-line @typescript-eslint/require-await -- async turns what `next` throws into a rejection
    change: async (id, next) => {
      const change = next(incidents.get(id));
      if (change === undefined) return incidents.get(id);
      incidents.set(id, change.incident);
      const timeline = timelines.get(id) ?? new Map<string, TimelineEntry>();
      for (const entry of change.entries) timeline.set(entry.id, entry);
      timelines.set(id, timeline);
      return change.incident;
    },
    list: ({ state, limit, before }) =>
      Promise.resolve(
        [...incidents.values()]
          .filter(
            (incident) => (state === undefined || incident.state === state) && incident.openedAt < (before ?? Infinity),
          )
          .sort((a, b) => b.openedAt - a.openedAt)
          .slice(0, limit),
      ),
    timeline: (id) =>
      Promise.resolve(
        [...(timelines.get(id)?.values() ?? [])]
          .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
          .slice(0, TIMELINE_SHOWN),
      ),
  };
};
