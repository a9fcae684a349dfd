import { randomId, type RandomBytes } from "../kernel/random.js";
import type { SecurityEvent } from "../kernel/event.js";
import type { Clock } from "../kernel/time.js";
import { incidentsError } from "./errors.js";
import { incidentsEvent } from "./events.js";
import {
  NEXT_STATES,
  REGULATOR_MS,
  type Change,
  type Incident,
  type IncidentState,
  type TimelineEntry,
} from "./incident.js";
import type { IncidentStore } from "./incident-store.js";

interface Deps {
  readonly incidents: IncidentStore;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

export interface Triage {
  readonly id: string;
  readonly state: IncidentState;
  readonly note: string;
  readonly aware?: true | undefined;
}

/**
 * Moves an incident on, with a note of why.
 *
 * @throws incidents/not-found, -state-refused, -already-aware, -contended
 */
export const triageIncident = async (deps: Deps, operator: string, triage: Triage): Promise<Incident> => {
  const at = deps.clock();
  const key = randomId(deps.random);
  const incident = await deps.incidents.change(triage.id, (before) => {
    if (before === undefined) throw incidentsError("not-found");
    return step(before, triage, (kind, text) => ({ id: `${kind}-${key}`, at, kind, by: operator, text }));
  });
  if (incident === undefined) throw incidentsError("not-found");
  await deps.record({
    type: incidentsEvent[triage.state === "reviewed" ? "incident-closed" : "incident-triaged"],
    outcome: "success",
    actor: operator,
    detail: { incident: incident.id, state: incident.state, aware: triage.aware === true },
  });
  return incident;
};

const step = (
  before: Incident,
  { state, note, aware }: Triage,
  entry: (kind: TimelineEntry["kind"], text: string) => TimelineEntry,
): Change => {
  const allowed: readonly IncidentState[] = NEXT_STATES[before.state];
  if (!allowed.includes(state)) throw incidentsError("state-refused", { details: { from: before.state, allowed } });
  if (aware === true && before.awareAt !== undefined) throw incidentsError("already-aware");
  const noted = entry("note", note);
  const moved = state === before.state ? [] : [entry("state", `From ${before.state} to ${state}.`)];
  const known = aware === true ? [entry("aware", "A personal data breach is known: 72 hours run (GDPR Art. 33).")] : [];
  return {
    incident: {
      ...before,
      state,
      updatedAt: noted.at,
      ...(aware === true && { awareAt: noted.at, regulatorDueAt: noted.at + REGULATOR_MS }),
    },
    entries: [...moved, noted, ...known],
  };
};
