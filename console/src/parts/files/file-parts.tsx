import type { Progress } from "../../../../client/src/files/index.ts";
import { when } from "../../words.ts";

interface FileRowProps {
  readonly name: string;
  readonly size: number;
  readonly at: number;
  readonly busy: boolean;
  readonly onDownload: () => void;
  readonly onRemove: () => void;
}

export const FileRow = ({ name, size, at, busy, onDownload, onRemove }: FileRowProps) => (
  <li>
    <strong class="wrap">{name}</strong>
    <span class="meta">
      {sizeOf(size)} · {when(at)}
    </span>
    <div class="row">
      <button type="button" class="quiet" disabled={busy} onClick={onDownload} aria-label={`Download ${name}`}>
        Download
      </button>
      <button type="button" class="quiet" disabled={busy} onClick={onRemove} aria-label={`Remove ${name}`}>
        Remove
      </button>
    </div>
  </li>
);

interface ChooseFileProps {
  readonly label: string;
  readonly busy: boolean;
  readonly progress: Progress | undefined;
  readonly onChoose: (file: File) => void;
}

export const ChooseFile = ({ label, busy, progress, onChoose }: ChooseFileProps) => (
  <div class="stack">
    <label>
      {label}
      <input
        type="file"
        disabled={busy}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) onChoose(file);
          currentTarget.value = ""; // the same file may be chosen again
        }}
      />
    </label>
    {progress !== undefined && (
      <label>
        Sending
        <progress value={progress.arrived} max={Math.max(1, progress.size)} />
      </label>
    )}
  </div>
);

/** Has the browser save it under this name. */
export const saveAs = (blob: Blob, name: string): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser reads it after the click
};

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
