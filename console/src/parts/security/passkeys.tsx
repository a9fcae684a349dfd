import { useEffect, useState } from "preact/hooks";
import {
  addPasskey,
  removePasskey,
  renamePasskey,
  isFirekeepError,
  type Output,
} from "../../../../client/src/index.ts";
import { deviceName } from "../../device-name.ts";
import type { Own } from "../../pages/security.tsx";
import { ago, when } from "../../words.ts";
import { useAction } from "../form.ts";
import { Badge, Empty, Panel, Problem } from "../panel.tsx";
import { Rename } from "../rename.tsx";
import { BackupCodes } from "./backup-codes.tsx";

type Passkey = Output<"identity-passkey-list">["passkeys"][number];

/** Keys that open the account without a password, and that no false page can get hold of. */
export const Passkeys = ({ backend: { firekeep }, onChange, ask }: Own) => {
  const [passkeys, setPasskeys] = useState<readonly Passkey[]>();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const action = useAction();
  const read = async () => setPasskeys((await firekeep.call("identity-passkey-list", {})).passkeys);
  useEffect(() => void action.run(read), []);
  const change = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work().catch(unlessCancelled);
      await Promise.all([read(), onChange()]);
    });
  const add = () =>
    change(async () => {
      const added = await addPasskey(firekeep, { name: deviceName().replace(", console", ""), ask });
      setCodes(added.backupCodes);
    });
  return (
    <Panel
      id="passkeys"
      title="Passkeys"
      note="Open your account with your device's lock instead of a password. A false page cannot get hold of one."
    >
      {passkeys?.length === 0 && <Empty>None yet.</Empty>}
      <ul class="cards">
        {passkeys?.map((passkey) => (
          <li key={passkey.id}>
            <PasskeyFacts passkey={passkey} />
            <div class="row">
              <Rename
                what={`the passkey ${passkey.name}`}
                name={passkey.name}
                disabled={action.busy}
                onRename={(name) => change(() => renamePasskey(firekeep, { id: passkey.id, name }))}
              />
              <button
                type="button"
                class="quiet"
                disabled={action.busy}
                onClick={() => void change(() => removePasskey(firekeep, { id: passkey.id, ask }))}
                aria-label={`Remove the passkey ${passkey.name}`}
              >
                Remove
              </button>
            </div>
          </li>
        ))}
      </ul>
      <button type="button" disabled={action.busy} onClick={() => void add()}>
        Add a passkey
      </button>
      {codes.length > 0 && <BackupCodes codes={codes} onDone={() => setCodes([])} />}
      <Problem text={action.problem} />
    </Panel>
  );
};

const PasskeyFacts = ({ passkey }: { passkey: Passkey }) => (
  <>
    <strong>{passkey.name}</strong>{" "}
    <Badge tone="informational">{passkey.synced ? "synced between your devices" : "on one device only"}</Badge>{" "}
    {passkey.cloneWarningAt !== null && <Badge tone="high">may have been copied</Badge>}
    <span class="meta">
      made {when(passkey.createdAt)} ·{" "}
      {passkey.lastUsedAt === null ? "not used yet" : `last used ${ago(passkey.lastUsedAt)}`}
    </span>
  </>
);

const unlessCancelled = (error: unknown): undefined => {
  if (!isFirekeepError(error, "client/passkey-cancelled")) throw error;
};
