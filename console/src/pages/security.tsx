import type { AskForProof } from "../../../client/src/index.ts";
import type { Security } from "../app.tsx";
import type { Backend } from "../backend.ts";
import { lazyPage } from "../lazy-page.tsx";
import { Addresses } from "../parts/security/addresses.tsx";
import { Factors } from "../parts/security/factors.tsx";
import { Passkeys } from "../parts/security/passkeys.tsx";
import { RecentSignIns } from "../parts/security/recent-sign-ins.tsx";
import { Sessions } from "../parts/security/sessions.tsx";
import { TrustedDevices } from "../parts/security/trusted-devices.tsx";
import { useSessions } from "../parts/security/use-sessions.ts";

/** What every panel of a person's own page works with. */
export interface Own {
  readonly backend: Backend;
  readonly uid: string;
  readonly security: Security;
  /** Reads the security settings again. */
  readonly onChange: () => Promise<void>;
  readonly ask: AskForProof;
}

// Sealing and sending files is more code than the rest of the page: it comes after it.
const Files = lazyPage(async () => (await import("../parts/files/files.tsx")).FilePanels);

/** A person's own page: what opens the account, where it is open, and how to get it back. */
export const SecurityPage = (own: Own) => {
  const sessions = useSessions(own.backend, own.uid);
  return (
    <>
      <h1>Your security</h1>
      <div class="grid">
        <div class="column">
          <Passkeys {...own} />
          <Factors {...own} />
          <Addresses {...own} />
          {own.backend.config.files !== undefined && <Files {...own} folders={own.backend.config.files} />}
        </div>
        <div class="column">
          <Sessions {...own} sessions={sessions} />
          <TrustedDevices {...own} />
          <RecentSignIns {...own} />
        </div>
      </div>
    </>
  );
};
