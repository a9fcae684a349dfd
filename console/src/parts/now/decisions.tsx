import { collection, limit, orderBy, query } from "firebase/firestore";
import type { Backend } from "../../backend.ts";
import { openFirestore } from "../../firestore.ts";
import { useLive } from "../../live.ts";
import { ago, country, when } from "../../words.ts";
import { Badge, Empty, Panel } from "../panel.tsx";

interface Decision {
  readonly time: number;
  readonly uid: string;
  readonly action: "allow" | "step-up" | "block";
  readonly probability: number;
  readonly contributions: readonly { readonly name: string; readonly points: number; readonly says: string }[];
  readonly country: string;
  readonly device: string;
}

const TONES = { allow: "low", "step-up": "medium", block: "high" } as const;

export const Decisions = ({ backend }: { backend: Backend }) => {
  const latest = query(collection(openFirestore(backend), "riskDecisions"), orderBy("time", "desc"), limit(25));
  const { rows, state } = useLive<Decision>(latest, "riskDecisions");
  return (
    <Panel id="decisions" title="Risk decisions" note="The latest sign-ins, and what spoke for or against each">
      {rows.length === 0 ? (
        <Empty>
          {state === "live"
            ? "No sign-ins yet."
            : state === "loading"
              ? "Loading…"
              : "Not shown: your session may not read this."}
        </Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Latest risk decisions">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Decision</th>
                <th scope="col">Account</th>
                <th scope="col">From</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <DecisionRow key={index} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
};

const DecisionRow = ({ row }: { row: Decision }) => (
  <tr>
    <td>
      <time title={when(row.time)}>{ago(row.time)}</time>
    </td>
    <td>
      <Badge tone={TONES[row.action]}>{row.action}</Badge> {Math.round(row.probability * 100)} %
    </td>
    <td>
      <code>{row.uid.slice(0, 8)}</code>
    </td>
    <td>
      {country(row.country)}
      <span class="meta">{row.device}</span>
    </td>
    <td>
      <ul class="plain">
        {topReasons(row).length === 0 && <li>Nothing unusual</li>}
        {topReasons(row).map((reason) => (
          <li key={reason.name}>
            {reason.points > 0 ? "+" : "−"}
            {Math.abs(reason.points).toFixed(1)} {reason.says}
          </li>
        ))}
      </ul>
    </td>
  </tr>
);

// The prior is the same for everybody: it explains nothing about this sign-in.
const topReasons = (row: Decision) =>
  [...row.contributions]
    .filter((part) => part.name !== "base-rate" && Math.abs(part.points) >= 0.05)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, 3);
