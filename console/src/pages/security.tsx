import type { Security } from "../app.tsx";
import type { Backend } from "../backend.ts";
import { Factors } from "../parts/factors.tsx";
import { Sessions } from "../parts/sessions.tsx";
import type { AskForCode } from "../../../client/src/index.ts";

interface Props {
  readonly backend: Backend;
  readonly uid: string;
  readonly security: Security;
  readonly onChange: () => Promise<void>;
  readonly ask: AskForCode;
}

/** A person's own page: second factors and sessions. */
export const SecurityPage = (props: Props) => (
  <>
    <h1>Your security</h1>
    <div class="grid">
      <Factors {...props} />
      <Sessions backend={props.backend} uid={props.uid} current={props.security.session.sid} onEnd={props.onChange} />
    </div>
  </>
);
