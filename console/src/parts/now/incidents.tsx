import { collection, limit, orderBy, query } from "firebase/firestore";
import type { Backend } from "../../backend.ts";
import { openFirestore } from "../../firestore.ts";
import { useLive } from "../../live.ts";
import { ago, when } from "../../words.ts";
import { Badge, Empty, Panel } from "../panel.tsx";

interface Incident {
  readonly id: string;
  readonly state: string;
  readonly severity: string;
  readonly title: string;
  readonly openedAt: number;
  readonly findings: number;
  readonly regulatorDueAt?: number;
}

const CLOSED = new Set(["recovered", "reviewed"]);

export const Incidents = ({ backend }: { backend: Backend }) => {
  const all = query(collection(openFirestore(backend), "incidents"), orderBy("openedAt", "desc"), limit(50));
  const { rows, state } = useLive<Incident>(all, "incidents");
  const open = rows.filter((incident) => !CLOSED.has(incident.state));
  return (
    <Panel id="needs" title="What needs you" note={`${String(open.length)} open incidents`}>
      {open.length === 0 ? (
        <Empty>
          {state === "loading"
            ? "Loading…"
            : state === "refused"
              ? "Not shown: your session may not read this."
              : "Nothing. Good."}
        </Empty>
      ) : (
        <ol class="cards">
          {open.map((incident) => (
            <li key={incident.id}>
              <Badge tone={incident.severity}>{incident.severity}</Badge> <strong>{incident.title}</strong>
              <span class="meta">
                {incident.state} · {incident.findings === 1 ? "1 finding" : `${String(incident.findings)} findings`} ·
                opened <time title={when(incident.openedAt)}>{ago(incident.openedAt)}</time>
                {incident.regulatorDueAt !== undefined && (
                  <> · report to the regulator {ago(incident.regulatorDueAt)}</>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
};
