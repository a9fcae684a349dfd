import { useEffect, useState } from "preact/hooks";
import { approve, type Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { ago, when } from "../../words.ts";
import { textOf, useAction } from "../form.ts";
import { Badge, Empty, Panel, Problem } from "../panel.tsx";

type Reset = Output<"identity-reset-list">["resets"][number];

/** Removing somebody's second factors: asked for by one, approved by another, done after a hold that the person is told of. */
export const Resets = ({ backend: { firekeep }, uid: own, ask }: Own) => {
  const action = useAction();
  const [resets, setResets] = useState<readonly Reset[]>();
  const read = async () => setResets((await firekeep.call("identity-reset-list", {})).resets);
  useEffect(() => void action.run(read), []);
  const change = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      await read();
    });
  const request = (event: SubmitEvent) => {
    const input = { uid: textOf(event, "uid"), reason: textOf(event, "reason") };
    void change(() => approve(firekeep, { id: "identity-reset-request", input }, ask));
  };
  const approveReset = (id: string) =>
    change(() => approve(firekeep, { id: "identity-reset-approve", input: { id } }, ask));
  const cancel = (id: string) => change(() => firekeep.call("identity-reset-cancel", { id }));
  return (
    <Panel
      id="resets"
      title="Resets of second factors"
      note="For people who have lost everything. Make sure who asks: this is what impostors try."
    >
      {resets?.length === 0 && <Empty>None.</Empty>}
      <ul class="cards">
        {resets?.map((reset) => (
          <li key={reset.id}>
            <code>{reset.uid}</code> <Badge tone="medium">{reset.state}</Badge>
            <span class="meta">
              asked for {ago(reset.requestedAt)} by <code>{reset.requestedBy}</code>: {reset.reason}
              {reset.runsAt !== null && ` · runs ${when(reset.runsAt)}`}
            </span>
            <div class="row">
              {reset.approvedBy === null && reset.requestedBy !== own && reset.uid !== own && (
                <button type="button" disabled={action.busy} onClick={() => void approveReset(reset.id)}>
                  Approve
                </button>
              )}
              <button type="button" class="quiet" disabled={action.busy} onClick={() => void cancel(reset.id)}>
                Stop
              </button>
            </div>
          </li>
        ))}
      </ul>
      <form class="stack" onSubmit={request}>
        <label>
          Account id
          <input name="uid" required maxLength={128} autocomplete="off" spellcheck={false} />
        </label>
        <label>
          Reason
          <input name="reason" required maxLength={500} autocomplete="off" />
        </label>
        <button type="submit" class="quiet" disabled={action.busy}>
          Ask for a reset
        </button>
      </form>
      <Problem text={action.problem} />
    </Panel>
  );
};
