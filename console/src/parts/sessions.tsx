import { collection, query, where } from "firebase/firestore";
import type { Backend } from "../backend.ts";
import { useLive } from "../live.ts";
import { ago, country, reason, when } from "../words.ts";
import { useAction } from "./form.ts";
import { Badge, Panel, Problem } from "./panel.tsx";

interface Session {
  readonly sid: string;
  readonly aal: number;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  readonly device: { readonly name: string; readonly browser: string; readonly os: string };
  readonly country: string;
  readonly networkPrefix: string;
  readonly riskReasons: readonly string[];
  readonly revokedAt?: number;
}

interface Props {
  readonly backend: Backend;
  readonly uid: string;
  readonly current: string;
  readonly onEnd: () => Promise<void>;
}

/** Live from Firestore: a session that ends elsewhere disappears here. */
export const Sessions = ({ backend, uid, current, onEnd }: Props) => {
  const { rows } = useLive<Session>(query(collection(backend.firestore, "secSessions"), where("uid", "==", uid)), uid);
  const action = useAction();
  const now = Date.now();
  const live = rows
    .filter(
      (session) => session.revokedAt === undefined && Math.min(session.idleExpiresAt, session.absoluteExpiresAt) > now,
    )
    .sort((a, b) => Number(b.sid === current) - Number(a.sid === current) || b.lastSeenAt - a.lastSeenAt);
  const end = (sid: string) =>
    action.run(async () => {
      await backend.firekeep.call("identity-session-revoke", { sid });
      if (sid === current) await onEnd();
    });
  const endOthers = () =>
    action.run(async () => void (await backend.firekeep.call("identity-session-revokeothers", {})));
  return (
    <Panel id="sessions" title="Where you are signed in" note="Ending a session takes effect at once.">
      <ul class="cards">
        {live.map((session) => (
          <li key={session.sid}>
            <strong>{session.device.name}</strong> {session.sid === current && <Badge tone="low">this one</Badge>}{" "}
            {session.aal >= 2 && <Badge tone="informational">second factor</Badge>}
            <span class="meta">
              {session.device.browser} on {session.device.os} · {country(session.country)} ({session.networkPrefix}) ·
              last seen <time title={when(session.lastSeenAt)}>{ago(session.lastSeenAt)}</time>, since{" "}
              {when(session.startedAt)}
            </span>
            {session.riskReasons.length > 0 && (
              <span class="meta">Unusual: {session.riskReasons.map(reason).join("; ")}</span>
            )}
            <button
              type="button"
              class="quiet"
              disabled={action.busy}
              onClick={() => void end(session.sid)}
              aria-label={`End the session on ${session.device.name}`}
            >
              End
            </button>
          </li>
        ))}
      </ul>
      {live.length > 1 && (
        <button type="button" disabled={action.busy} onClick={() => void endOthers()}>
          End all others
        </button>
      )}
      <Problem text={action.problem} />
    </Panel>
  );
};
