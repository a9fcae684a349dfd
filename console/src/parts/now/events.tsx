import { collection, limit, orderBy, query, where } from "firebase/firestore";
import { useMemo } from "preact/hooks";
import type { Backend } from "../../backend.ts";
import { openFirestore } from "../../firestore.ts";
import { useLive } from "../../live.ts";
import { ago, country, when } from "../../words.ts";
import { Badge, Empty, Panel } from "../panel.tsx";
import { SeverityChart } from "./severity-chart.tsx";

export interface EventRow {
  readonly time: number;
  readonly name: string;
  readonly severity: string;
  readonly message: string;
  readonly country?: string;
}

const DAY = 86_400_000;

export const Events = ({ backend }: { backend: Backend }) => {
  const since = useMemo(() => Date.now() - DAY, []);
  const day = query(
    collection(openFirestore(backend), "auditEntries"),
    where("time", ">=", since),
    orderBy("time", "desc"),
    limit(1_000),
  );
  const { rows, state } = useLive<EventRow>(day, "auditEntries");
  return (
    <Panel id="events" title="Events" note="The last 24 hours by severity">
      <SeverityChart rows={rows} since={since} />
      {rows.length === 0 ? (
        <Empty>
          {state === "live"
            ? "No events yet."
            : state === "loading"
              ? "Loading…"
              : "Not shown: your session may not read this."}
        </Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Latest events">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Severity</th>
                <th scope="col">What</th>
                <th scope="col">Where</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, 40).map((row, index) => (
                <tr key={index}>
                  <td>
                    <time title={when(row.time)}>{ago(row.time)}</time>
                  </td>
                  <td>
                    <Badge tone={row.severity}>{row.severity}</Badge>
                  </td>
                  <td>
                    {row.message} <code>{row.name}</code>
                  </td>
                  <td>{row.country === undefined ? "" : country(row.country)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
};
