import { approve } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { ago, when } from "../../words.ts";
import { useAction } from "../form.ts";
import { Badge, Empty, Panel, Problem } from "../panel.tsx";
import { PURPOSES, SILENT } from "./purposes.ts";
import { Shown, useShown } from "./shown.tsx";
import type { Vault, VaultRequest } from "./use-requests.ts";

interface Row extends Own {
  readonly request: VaultRequest;
  readonly busy: boolean;
  readonly act: (work: () => Promise<unknown>) => void;
  readonly show: (values: Readonly<Record<string, unknown>>) => void;
}

/** Requests, open and past. What was opened is shown here until the page is left. */
export const Requests = ({ vault, ...own }: Own & { vault: Vault }) => {
  const action = useAction();
  const shown = useShown();
  const act = (work: () => Promise<unknown>) =>
    void action.run(async () => {
      await work();
      await vault.refresh();
    });
  return (
    <Panel id="requests" title="Requests" note="Nobody decides on their own request, or on one about themselves.">
      {vault.requests?.length === 0 && <Empty>None.</Empty>}
      <ul class="cards">
        {vault.requests?.map((request) => (
          <li key={request.id}>
            <What request={request} />
            {shown.of === request.id ? (
              <Shown values={shown.values} onHide={shown.hide} />
            ) : (
              <Actions
                {...own}
                request={request}
                busy={action.busy}
                act={act}
                show={(values) => shown.show(request.id, values)}
              />
            )}
          </li>
        ))}
      </ul>
      {vault.more !== undefined && (
        <button type="button" class="quiet" onClick={() => void vault.more?.()}>
          More
        </button>
      )}
      <Problem text={action.problem ?? vault.problem} />
    </Panel>
  );
};

const What = ({ request }: { request: VaultRequest }) => (
  <>
    <strong>{request.fields.join(", ")}</strong> of <code>{request.uid ?? "somebody erased"}</code>{" "}
    <Badge tone={TONES[request.state] ?? "low"}>{request.state}</Badge>
    <span class="meta">
      {request.collection} · {PURPOSES[request.purpose]}
      {request.reason !== null && `: ${request.reason}`} · asked for {ago(request.requestedAt)} by{" "}
      <code>{request.requestedBy}</code>
      {request.decidedBy !== null && (
        <>
          , decided by <code>{request.decidedBy}</code>
        </>
      )}
      {request.silent !== null && ` · told ${SILENT[request.silent].toLowerCase()}`}
      {untilOf(request)}
    </span>
  </>
);

const TONES: Readonly<Record<string, string>> = { requested: "medium", approved: "medium", opened: "high" };

const untilOf = ({ state, expiresAt, opensUntil }: VaultRequest): string => {
  if (state === "requested") return ` · until ${when(expiresAt)}`;
  return state === "approved" && opensUntil !== null ? ` · may be opened until ${when(opensUntil)}` : "";
};

const Actions = ({ backend: { firekeep }, uid: own, ask, request, busy, act, show }: Row) => {
  const { id, uid, collection, fields, state } = request;
  if (uid === null || (state !== "requested" && state !== "approved")) return null;
  const isOwn = request.requestedBy === own;
  const decide = (verb: "approve" | "deny") =>
    act(() => approve(firekeep, { id: `encryption-vault-${verb}`, input: { id, uid, collection, fields } }, ask));
  const open = () =>
    act(async () => show((await approve(firekeep, { id: "encryption-vault-open", input: { id } }, ask)).values));
  return (
    <div class="row">
      {state === "requested" && !isOwn && (
        <>
          <button type="button" disabled={busy} onClick={() => decide("approve")}>
            Approve
          </button>
          <button type="button" class="quiet" disabled={busy} onClick={() => decide("deny")}>
            Deny
          </button>
        </>
      )}
      {state === "approved" && isOwn && (
        <button type="button" disabled={busy} onClick={open}>
          Open once
        </button>
      )}
      <button
        type="button"
        class="quiet"
        disabled={busy}
        onClick={() => act(() => firekeep.call("encryption-vault-cancel", { id }))}
      >
        Stop
      </button>
    </div>
  );
};
