import { useEffect, useState } from "preact/hooks";
import type { FilePlace, Files, Progress } from "../../../../client/src/files/index.ts";
import { sealedFiles, type MasterKey, type SealedEntry } from "../../../../client/src/sealed/index.ts";
import { useAction } from "../form.ts";
import { Empty, Problem } from "../panel.tsx";
import { ChooseFile, FileRow, saveAs } from "./file-parts.tsx";

interface SealedListProps {
  readonly files: Files;
  readonly uid: string;
  readonly place: FilePlace;
  readonly master: MasterKey;
  readonly onForget: () => Promise<void>;
}

/** Sealed files, opened with the key that this browser has. */
export const SealedList = ({ files, uid, place, master, onForget }: SealedListProps) => {
  const [entries, setEntries] = useState<readonly SealedEntry[]>();
  const [progress, setProgress] = useState<Progress>();
  const action = useAction();
  const sealed = sealedFiles({ files, master, owner: uid }, place);
  const read = async () => setEntries((await sealed.list()).files);
  useEffect(() => void action.run(read), [master]);
  const upload = (file: File) =>
    action.run(async () => {
      try {
        await sealed.upload({ name: file.name, content: file }, { onProgress: setProgress });
      } finally {
        setProgress(undefined);
      }
      await read();
    });
  const download = (entry: SealedEntry) =>
    action.run(async () => {
      const stream = (await sealed.download(entry)) as ReadableStream<Uint8Array<ArrayBuffer>>;
      saveAs(await new Response(stream).blob(), entry.name);
    });
  const remove = (entry: SealedEntry) =>
    action.run(async () => {
      await sealed.remove(entry);
      await read();
    });
  return (
    <>
      {entries?.length === 0 && <Empty>None yet.</Empty>}
      <ul class="cards">
        {entries?.map((entry) => (
          <FileRow
            key={entry.file}
            name={entry.name}
            size={entry.size}
            at={entry.at}
            busy={action.busy}
            onDownload={() => void download(entry)}
            onRemove={() => void remove(entry)}
          />
        ))}
      </ul>
      <ChooseFile label="Seal a file" busy={action.busy} progress={progress} onChoose={(file) => void upload(file)} />
      <div class="row">
        <button type="button" class="quiet" disabled={action.busy} onClick={() => void onForget()}>
          Forget my key on this device
        </button>
      </div>
      <Problem text={action.problem} />
    </>
  );
};
