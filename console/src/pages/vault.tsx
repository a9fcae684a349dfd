import type { Own } from "./security.tsx";
import { Panel } from "../parts/panel.tsx";
import { Ask } from "../parts/vault/ask.tsx";
import { Requests } from "../parts/vault/requests.tsx";
import { useRequests } from "../parts/vault/use-requests.ts";

/** Fields under the hardware key, for officers: one asks, another agrees, the first opens, once. */
export const VaultPage = ({ verified, ...own }: Own & { verified: boolean }) => (
  <>
    <h1>Vault</h1>
    {verified ? (
      <Open {...own} />
    ) : (
      <Panel id="locked" title="A second factor is needed">
        <p>
          The vault is opened with a second factor only. <a href="#/security">Set one up</a>, then come back.
        </p>
      </Panel>
    )}
  </>
);

const Open = (own: Own) => {
  const vault = useRequests(own.backend);
  return (
    <div class="grid">
      <div class="column">
        <Requests {...own} vault={vault} />
      </div>
      <div class="column">
        <Ask {...own} vault={vault} />
      </div>
    </div>
  );
};
