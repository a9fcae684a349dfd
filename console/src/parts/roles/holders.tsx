import { useEffect, useState } from "preact/hooks";
import type { Output } from "../../../../client/src/index.ts";
import type { Own } from "../../pages/security.tsx";
import { when } from "../../words.ts";
import { textOf, useAction } from "../form.ts";
import { Empty, Panel, Problem } from "../panel.tsx";
import { RoleField } from "./role-field.tsx";

type Listed = Output<"identity-role-list">;

/** Who holds a role, and how they came by it. */
export const Holders = ({ backend: { firekeep } }: Own) => {
  const action = useAction();
  const [role, setRole] = useState("admin");
  const [listed, setListed] = useState<Listed>();
  const list = (name: string, after?: string) =>
    action.run(async () => {
      const page = await firekeep.call("identity-role-list", { role: name, ...(after !== undefined && { after }) });
      setRole(name);
      setListed((before) =>
        after === undefined || before === undefined ? page : { ...page, holders: [...before.holders, ...page.holders] },
      );
    });
  useEffect(() => void list(role), []);
  return (
    <Panel id="holders" title="Who holds a role">
      <form class="inline" onSubmit={(event) => void list(textOf(event, "role"))}>
        <RoleField value={role} />
        <button type="submit" class="quiet" disabled={action.busy}>
          Show
        </button>
      </form>
      <ul class="plain">
        {listed?.holders.map(({ uid, roles }) => (
          <li key={uid}>
            <code>{uid}</code> {roles.join(", ")}
          </li>
        ))}
      </ul>
      {listed?.holders.length === 0 && <Empty>Nobody.</Empty>}
      {listed?.next && (
        <button type="button" class="quiet" disabled={action.busy} onClick={() => void list(role, listed.next ?? "")}>
          More
        </button>
      )}
      {listed !== undefined && listed.changes.length > 0 && <Changes changes={listed.changes} />}
      <Problem text={action.problem} />
    </Panel>
  );
};

const Changes = ({ changes }: { changes: Listed["changes"] }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label="Latest changes of the role">
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Change</th>
          <th scope="col">Account</th>
          <th scope="col">By</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.id}>
            <td>{when(change.at)}</td>
            <td>{change.change}</td>
            <td>
              <code>{change.uid}</code>
            </td>
            <td>
              <code>{change.by}</code>
              {change.approvedBy !== undefined && (
                <span class="meta">
                  approved by <code>{change.approvedBy}</code>
                </span>
              )}
            </td>
            <td>{change.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
