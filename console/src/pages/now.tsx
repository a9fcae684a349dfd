import type { Backend } from "../backend.ts";
import { Decisions } from "../parts/now/decisions.tsx";
import { Events } from "../parts/now/events.tsx";
import { Incidents } from "../parts/now/incidents.tsx";
import { Panel } from "../parts/panel.tsx";

/** What needs an operator, and what is happening. */
export const NowPage = ({ backend, verified }: { backend: Backend; verified: boolean }) => (
  <>
    <h1>Now</h1>
    {!verified ? (
      <Panel id="locked" title="A second factor is needed">
        <p>
          Operators see events and incidents only with a second factor.{" "}
          <a href="#/security">Set up an authenticator app</a>, then come back.
        </p>
      </Panel>
    ) : (
      <div class="grid">
        <div class="column">
          <Incidents backend={backend} />
          <Decisions backend={backend} />
        </div>
        <Events backend={backend} />
      </div>
    )}
  </>
);
