import { useState } from "preact/hooks";
import { approve, type Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { when } from "../../words.ts";
import { textOf, useAction } from "../form.ts";
import { Panel, Problem } from "../panel.tsx";
import { RoleField } from "./role-field.tsx";

type Answer = Output<"identity-role-grant">;

export const Grant = ({ backend: { firekeep }, ask }: Own) => {
  const action = useAction();
  const [answer, setAnswer] = useState<Answer>();
  const change = (event: SubmitEvent) => {
    const input = { uid: textOf(event, "uid"), role: textOf(event, "role"), reason: textOf(event, "reason") };
    const revokes = (event.submitter as HTMLButtonElement | null)?.value === "revoke";
    const id = revokes ? "identity-role-revoke" : "identity-role-grant";
    void action.run(async () => {
      setAnswer(undefined);
      setAnswer(await approve(firekeep, { id, input }, ask));
    });
  };
  return (
    <Panel id="grant" title="Change a role" note="Takes effect at once, in every session of the account.">
      <form class="stack" onSubmit={change}>
        <label>
          Account id
          <input name="uid" required maxLength={128} autocomplete="off" spellcheck={false} />
        </label>
        <RoleField />
        <label>
          Reason
          <input name="reason" required minLength={3} maxLength={200} autocomplete="off" />
        </label>
        <div class="row">
          <button type="submit" value="grant" disabled={action.busy}>
            Grant
          </button>
          <button type="submit" value="revoke" class="quiet" disabled={action.busy}>
            Revoke
          </button>
        </div>
      </form>
      {answer !== undefined && <p role="status">{saidOf(answer)}</p>}
      <Problem text={action.problem} />
    </Panel>
  );
};

const saidOf = ({ outcome, roles, expiresAt }: Answer): string => {
  if (outcome === "proposed")
    return `Proposed: another administrator must approve it${expiresAt === undefined ? "" : ` before ${when(expiresAt)}`}.`;
  return `${outcome === "changed" ? "Done" : "Nothing to change"}. The account's roles: ${roles.join(", ")}.`;
};
