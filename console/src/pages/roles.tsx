import type { Own } from "./security.tsx";
import { Grant } from "../parts/roles/grant.tsx";
import { Holders } from "../parts/roles/holders.tsx";
import { Proposals } from "../parts/roles/proposals.tsx";
import { Resets } from "../parts/roles/resets.tsx";
import { Panel } from "../parts/panel.tsx";

/** Who may do what, for administrators. Every change here is approved as such with a second factor. */
export const RolesPage = ({ verified, ...own }: Own & { verified: boolean }) => (
  <>
    <h1>Roles</h1>
    {verified ? (
      <div class="grid">
        <div class="column">
          <Proposals {...own} />
          <Holders {...own} />
        </div>
        <div class="column">
          <Grant {...own} />
          <Resets {...own} />
        </div>
      </div>
    ) : (
      <Panel id="locked" title="A second factor is needed">
        <p>
          Roles are changed with a second factor only. <a href="#/security">Set one up</a>, then come back.
        </p>
      </Panel>
    )}
  </>
);
