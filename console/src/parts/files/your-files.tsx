import { useEffect, useState } from "preact/hooks";
import type { FileEntry, FilePlace, Files, Progress } from "../../../../client/src/files/index.ts";
import { useAction } from "../form.ts";
import { Empty, Panel, Problem } from "../panel.tsx";
import { ChooseFile, FileRow, saveAs } from "./file-parts.tsx";

/** Files that the server encrypts under a key of this person's own. */
export const YourFiles = ({ files, place }: { files: Files; place: FilePlace }) => {
  const [entries, setEntries] = useState<readonly FileEntry[]>();
  const [progress, setProgress] = useState<Progress>();
  const action = useAction();
  const read = async () => setEntries((await files.list(place)).files);
  useEffect(() => void action.run(read), []);
  const upload = (file: File) =>
    action.run(async () => {
      try {
        await files.upload(place, file, { onProgress: setProgress });
      } finally {
        setProgress(undefined);
      }
      await read();
    });
  const download = ({ file, name }: FileEntry) =>
    action.run(async () => saveAs(await (await files.download(file)).blob(), name ?? file));
  const remove = ({ file }: FileEntry) =>
    action.run(async () => {
      await files.remove(file);
      await read();
    });
  return (
    <Panel
      id="files"
      title="Your files"
      note="Encrypted under a key of your own before they are stored. Opening one is put on record. The service can open them for you."
    >
      {entries?.length === 0 && <Empty>None yet.</Empty>}
      <ul class="cards">
        {entries?.map((entry) => (
          <FileRow
            key={entry.file}
            name={entry.name ?? "without a name"}
            size={entry.size}
            at={entry.at}
            busy={action.busy}
            onDownload={() => void download(entry)}
            onRemove={() => void remove(entry)}
          />
        ))}
      </ul>
      <ChooseFile label="Add a file" busy={action.busy} progress={progress} onChoose={(file) => void upload(file)} />
      <p class="note">An upload that was interrupted goes on when you choose the same file again.</p>
      <Problem text={action.problem} />
    </Panel>
  );
};
