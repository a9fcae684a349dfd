import { useEffect, useState } from "preact/hooks";
import { approve, type Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { ago, when } from "../../words.ts";
import { useAction } from "../form.ts";
import { Empty, Panel, Problem } from "../panel.tsx";

type Proposal = Output<"identity-role-proposals">["proposals"][number];

/** Grants that wait for a second administrator. Nobody decides on what they proposed, or on themselves. */
export const Proposals = ({ backend: { firekeep }, uid: own, ask }: Own) => {
  const action = useAction();
  const [proposals, setProposals] = useState<readonly Proposal[]>();
  const read = async () => setProposals((await firekeep.call("identity-role-proposals", {})).proposals);
  useEffect(() => void action.run(read), []);
  const decide = (decision: "approve" | "refuse", { id, uid, role }: Proposal) =>
    action.run(async () => {
      await approve(firekeep, { id: `identity-role-${decision}`, input: { id, uid, role } }, ask);
      await read();
    });
  return (
    <Panel id="proposals" title="Waiting for a second person">
      {proposals?.length === 0 && <Empty>Nothing.</Empty>}
      <ul class="cards">
        {proposals?.map((proposal) => (
          <li key={proposal.id}>
            <strong>{proposal.role}</strong> for <code>{proposal.uid}</code>
            <span class="meta">
              proposed {ago(proposal.proposedAt)} by <code>{proposal.proposedBy}</code>, until{" "}
              {when(proposal.expiresAt)}: {proposal.reason}
            </span>
            {proposal.proposedBy !== own && proposal.uid !== own && (
              <div class="row">
                <button type="button" disabled={action.busy} onClick={() => void decide("approve", proposal)}>
                  Approve
                </button>
                <button
                  type="button"
                  class="quiet"
                  disabled={action.busy}
                  onClick={() => void decide("refuse", proposal)}
                >
                  Refuse
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
      <Problem text={action.problem} />
    </Panel>
  );
};
