import { useEffect, useState } from "preact/hooks";
import type { FileEntry, FilePlace, Files } from "../../../../client/src/files/index.ts";
import {
  commitmentOfEntry,
  createMasterKey,
  indexedDbKeyStore,
  recoverMasterKey,
  type MasterKey,
} from "../../../../client/src/sealed/index.ts";
import { textOf, useAction } from "../form.ts";
import { Panel, Problem } from "../panel.tsx";
import { SealedList } from "./sealed-list.tsx";

interface Sealed {
  readonly files: Files;
  readonly uid: string;
  readonly place: FilePlace;
}

/** Files that are sealed in this browser: nobody else can open them, and a lost key cannot be replaced. */
export const SealedFilesPanel = ({ files, uid, place }: Sealed) => {
  const [master, setMaster] = useState<MasterKey>();
  const [stored, setStored] = useState<readonly FileEntry[]>();
  const [recoveryKey, setRecoveryKey] = useState<string>();
  const action = useAction();
  const keys = indexedDbKeyStore();
  useEffect(
    () =>
      void action.run(async () => {
        setMaster(await keys.find(uid));
        setStored((await files.list(place)).files);
      }),
    [],
  );
  const make = () =>
    action.run(async () => {
      const made = await createMasterKey();
      await keys.keep(uid, made.master);
      setRecoveryKey(made.recoveryKey);
      setMaster(made.master);
    });
  const recover = (event: SubmitEvent) => {
    const typed = textOf(event, "recovery");
    void action.run(async () => {
      const [any] = stored ?? [];
      const found = await recoverMasterKey(typed, any && commitmentOfEntry(any));
      await keys.keep(uid, found);
      setMaster(found);
    });
  };
  const forget = () =>
    action.run(async () => {
      await keys.forget(uid);
      setStored((await files.list(place)).files);
      setRecoveryKey(undefined);
      setMaster(undefined);
    });
  return (
    <Panel
      id="sealed"
      title="Files only you can open"
      note="Sealed in this browser before they are sent, names too. The service sees how many there are, how large, and when."
    >
      {recoveryKey !== undefined && <RecoveryKey text={recoveryKey} onDone={() => setRecoveryKey(undefined)} />}
      {master === undefined && stored?.length === 0 && (
        <button type="button" disabled={action.busy} onClick={() => void make()}>
          Make my key
        </button>
      )}
      {master === undefined && stored !== undefined && stored.length > 0 && (
        <form class="stack" onSubmit={recover}>
          <p class="note">This device does not have your key. {stored.length} sealed here.</p>
          <label>
            Recovery key
            <input name="recovery" autocomplete="off" spellcheck={false} required />
          </label>
          <button type="submit" disabled={action.busy}>
            Open
          </button>
        </form>
      )}
      {master !== undefined && <SealedList files={files} uid={uid} place={place} master={master} onForget={forget} />}
      <Problem text={action.problem} />
    </Panel>
  );
};

/** Shown once: the browser keeps the key in a form that no page can read. */
const RecoveryKey = ({ text, onDone }: { text: string; onDone: () => void }) => (
  <div class="callout" role="status">
    <h3>Your recovery key</h3>
    <p>
      Print it, and keep it where you keep important papers. Without it, and without this browser, nobody can open these
      files again, the service neither.
    </p>
    <code class="wrap">{text}</code>
    <button type="button" onClick={onDone}>
      I have kept it
    </button>
  </div>
);
