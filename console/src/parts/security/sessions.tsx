import type { Own } from "../../pages/security.tsx";
import { ago, country, reason, when } from "../../words.ts";
import { useAction } from "../form.ts";
import { Badge, Panel, Problem } from "../panel.tsx";
import { Rename } from "../rename.tsx";
import { isLive, type Session } from "./use-sessions.ts";

/** Where the account is open now. A session that ends elsewhere disappears here. */
export const Sessions = ({ backend, security, sessions, onChange }: Own & { sessions: readonly Session[] }) => {
  const action = useAction();
  const current = security.session.sid;
  const { firekeep } = backend;
  const live = sessions
    .filter((session) => isLive(session))
    .sort((a, b) => Number(b.sid === current) - Number(a.sid === current));
  const end = (sid: string) =>
    action.run(async () => {
      await firekeep.call("identity-session-revoke", { sid });
      if (sid === current) await onChange();
    });
  const rename = (sid: string, name: string) =>
    action.run(async () => void (await firekeep.call("identity-session-rename", { sid, name })));
  const endOthers = () => action.run(async () => void (await firekeep.call("identity-session-revokeothers", {})));
  const endAll = () =>
    action.run(async () => {
      await firekeep.call("identity-session-revokeall", {});
      await onChange();
    });
  return (
    <Panel id="sessions" title="Where you are signed in" note="Ending a session takes effect at once.">
      <ul class="cards">
        {live.map((session) => (
          <li key={session.sid}>
            <SessionFacts session={session} isCurrent={session.sid === current} />
            <div class="row">
              <Rename
                what={`the session on ${session.device.name}`}
                name={session.device.name}
                disabled={action.busy}
                onRename={(name) => rename(session.sid, name)}
              />
              <button
                type="button"
                class="quiet"
                disabled={action.busy}
                onClick={() => void end(session.sid)}
                aria-label={`End the session on ${session.device.name}`}
              >
                End
              </button>
            </div>
          </li>
        ))}
      </ul>
      <div class="row">
        {live.length > 1 && (
          <button type="button" disabled={action.busy} onClick={() => void endOthers()}>
            End all others
          </button>
        )}
        <button type="button" class="quiet" disabled={action.busy} onClick={() => void endAll()}>
          End all, this one too
        </button>
      </div>
      <Problem text={action.problem} />
    </Panel>
  );
};

const SessionFacts = ({ session, isCurrent }: { session: Session; isCurrent: boolean }) => (
  <>
    <strong>{session.device.name}</strong> {isCurrent && <Badge tone="low">this one</Badge>}{" "}
    {session.aal >= 2 && <Badge tone="informational">second factor</Badge>}{" "}
    {session.trustedDevice === true && <Badge tone="informational">trusted device</Badge>}
    <span class="meta">
      {session.device.browser} on {session.device.os} · {country(session.country)} ({session.networkPrefix}) · last seen{" "}
      <time title={when(session.lastSeenAt)}>{ago(session.lastSeenAt)}</time>, since {when(session.startedAt)}
    </span>
    {session.riskReasons.length > 0 && <span class="meta">Unusual: {session.riskReasons.map(reason).join("; ")}</span>}
  </>
);
