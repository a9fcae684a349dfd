import type { SecurityEvent } from "../kernel/event.js";
import type { Clock, EpochMs } from "../kernel/time.js";
import { incidentsEvent } from "./events.js";
import type { Finding } from "./finding.js";
import type { Change, Incident } from "./incident.js";
import type { IncidentStore } from "./incident-store.js";

export interface ContainDeps {
  readonly incidents: IncidentStore;
  readonly identity: {
    readonly block: (request: {
      uid?: string;
      networkPrefix?: string;
      until: EpochMs;
      reason: string;
      incident?: string;
    }) => Promise<void>;
    readonly revokeSessions: (uid: string, reason: string) => Promise<number>;
  };
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly clock: Clock;
  readonly blockMs: number;
}

/** Levels at which containment does not wait for a person. */
const CONTAINED = new Set<Finding["level"]>(["high", "critical"]);

interface Step {
  readonly name: "block" | "revoke-sessions";
  readonly event: "access-blocked" | "sessions-revoked";
  readonly run: () => Promise<string>;
}

/**
 * Does what the finding's rule allows without a person, once a finding: a step that is noted in the incident is not done
 * again. A step that fails throws, and is done when the message comes again; blocking twice is blocking.
 */
export const contain = async (deps: ContainDeps, incident: Incident, finding: Finding): Promise<Incident> => {
  if (!CONTAINED.has(finding.level)) return incident;
  let current = incident;
  for (const step of stepsFor(deps, incident, finding)) {
    const key = `${step.name}-${finding.findingId}`;
    if (current.contained[key] !== undefined) continue;
    const text = await step.run();
    await deps.record(eventOf(step, incident, finding));
    const at = deps.clock();
    current =
      (await deps.incidents.change(incident.id, (now) =>
        now === undefined ? undefined : noted(now, { key, at, text }),
      )) ?? current;
  }
  return current;
};

/**
 * A rule that counts by network is answered for the network. Every other is answered for the account from that network: an
 * account is never shut out from everywhere, or anybody could shut anybody out.
 */
const stepsFor = (deps: ContainDeps, incident: Incident, { groupBy, groupedBy, response }: Finding): Step[] => {
  const { uid, networkPrefix } = groupBy;
  const steps: Step[] = [];
  if (response.includes("block") && networkPrefix !== undefined) {
    const whole = groupedBy.includes("networkPrefix") && !groupedBy.includes("uid");
    const who = whole || uid === undefined ? { networkPrefix } : { uid, networkPrefix };
    if (whole || uid !== undefined) steps.push(blockStep(deps, incident, who));
  }
  if (response.includes("revoke-sessions") && uid !== undefined) {
    steps.push({
      name: "revoke-sessions",
      event: "sessions-revoked",
      run: async () => `Ended ${String(await deps.identity.revokeSessions(uid, "incident"))} sessions of the account.`,
    });
  }
  return steps;
};

const blockStep = (deps: ContainDeps, incident: Incident, who: { uid?: string; networkPrefix: string }): Step => ({
  name: "block",
  event: "access-blocked",
  run: async () => {
    await deps.identity.block({
      ...who,
      until: deps.clock() + deps.blockMs,
      reason: "incident",
      incident: incident.id,
    });
    const minutes = String(Math.round(deps.blockMs / 60_000));
    return who.uid === undefined
      ? `Blocked the network for ${minutes} minutes.`
      : `Blocked the account from the network for ${minutes} minutes.`;
  },
});

const KEPT_STEPS = 200;

const noted = (incident: Incident, step: { key: string; at: EpochMs; text: string }): Change | undefined => {
  if (incident.contained[step.key] !== undefined) return undefined;
  const contained = Object.entries({ ...incident.contained, [step.key]: step.at }).sort(([, a], [, b]) => a - b);
  return {
    incident: {
      ...incident,
      contained: Object.fromEntries(contained.slice(-KEPT_STEPS)),
      updatedAt: Math.max(incident.updatedAt, step.at),
    },
    entries: [{ id: step.key, at: step.at, kind: "containment", by: "system", text: step.text }],
  };
};

const eventOf = (step: Step, incident: Incident, { groupBy, findingId }: Finding): SecurityEvent => ({
  type: incidentsEvent[step.event],
  outcome: "success",
  actor: "system",
  ...(groupBy.uid !== undefined && { subject: groupBy.uid }),
  ...(groupBy.networkPrefix !== undefined && {
    ip: groupBy.networkPrefix.slice(0, groupBy.networkPrefix.indexOf("/")),
  }),
  detail: { incident: incident.id, finding: findingId, command: step.name },
});
