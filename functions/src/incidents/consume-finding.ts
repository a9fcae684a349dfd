import { createHash } from "node:crypto";
import { encodeTuple } from "../kernel/bytes.js";
import type { SecurityEvent } from "../kernel/event.js";
import { contain, type ContainDeps } from "./contain.js";
import { incidentsEvent } from "./events.js";
import type { Finding } from "./finding.js";
import { absorb, openIncident, takes, type Incident } from "./incident.js";
import type { IncidentStore } from "./incident-store.js";
import { notify, type NotifyDeps } from "./notify.js";

export interface ConsumeDeps extends ContainDeps, NotifyDeps {
  readonly incidents: IncidentStore;
  readonly record: (event: SecurityEvent) => Promise<void>;
}

/** Findings below this are kept as events and open nothing. */
const OPENS = new Set<Finding["level"]>(["medium", "high", "critical"]);

/** An incident on the same matter is opened again this often at most; then the last one takes all. */
const GENERATIONS = 100;

/**
 * Opens an incident for a finding, or adds it to the one that is open on the same matter; contains what may be contained
 * without a person; queues notices. Every step can be repeated and findings may come in any order, so a message that comes
 * again finishes what was left undone and does nothing twice.
 */
export const consumeFinding = async (deps: ConsumeDeps, finding: Finding): Promise<Incident | undefined> => {
  if (!OPENS.has(finding.level)) return undefined;
  const { incident, effect } = await place(deps, finding);
  if (effect === "opened") await tell(deps, incident, finding, "incident-opened");
  if (effect === "worsened") await tell(deps, incident, finding, "incident-worsened");
  const contained = await contain(deps, incident, finding);
  await notify(deps, contained, { type: "incident.opened", once: "opened" });
  if (contained.severity !== contained.openedAs) {
    await notify(deps, contained, { type: "incident.worsened", once: contained.severity });
  }
  return contained;
};

type Effect = "opened" | "worsened" | "added" | "known";

const place = async (deps: ConsumeDeps, finding: Finding): Promise<{ incident: Incident; effect: Effect }> => {
  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    const id = incidentId(finding, generation);
    let effect: Effect | undefined;
    const incident = await deps.incidents.change(id, (current) => {
      effect = undefined;
      if (current === undefined) {
        effect = "opened";
        return openIncident(id, finding);
      }
      if (!takes(current, finding)) return undefined;
      const change = absorb(current, finding);
      effect = change === undefined ? "known" : change.incident.severity === current.severity ? "added" : "worsened";
      return change;
    });
    if (incident !== undefined && effect !== undefined) return { incident, effect };
  }
  throw new Error("an incident was opened again too often");
};

/** The matter is the rule and what it counts by. The id is a hash of it, so that two who open at once open the same. */
const incidentId = ({ rule, groupBy, groupedBy, findingId }: Finding, generation: number): string => {
  const values = groupedBy.map((name) => groupBy[name] ?? "");
  const matter = values.length === 0 ? [findingId] : values;
  return createHash("sha256")
    .update(encodeTuple([rule, ...matter, String(generation)]))
    .digest("base64url");
};

const tell = (deps: ConsumeDeps, incident: Incident, finding: Finding, name: "incident-opened" | "incident-worsened") =>
  deps.record({
    type: incidentsEvent[name],
    outcome: "success",
    severity: incident.severity,
    actor: "system",
    ...(finding.groupBy.uid !== undefined && { subject: finding.groupBy.uid }),
    detail: { incident: incident.id, finding: finding.findingId, rule: incident.rule, level: incident.severity },
  });
