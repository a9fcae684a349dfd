import { useState } from "preact/hooks";
import { textOf } from "./form.ts";

interface Props {
  /** What is renamed, for those who hear the page: "the passkey on my telephone". */
  readonly what: string;
  readonly name: string;
  readonly disabled: boolean;
  readonly onRename: (name: string) => Promise<void>;
}

/** A button that opens into a field. */
export const Rename = ({ what, name, disabled, onRename }: Props) => {
  const [open, setOpen] = useState(false);
  const submit = (event: SubmitEvent) => {
    const next = textOf(event, "name");
    void onRename(next).then(() => setOpen(false));
  };
  if (!open) {
    return (
      <button
        type="button"
        class="quiet"
        disabled={disabled}
        aria-label={`Rename ${what}`}
        onClick={() => setOpen(true)}
      >
        Rename
      </button>
    );
  }
  return (
    <form class="inline" onSubmit={submit}>
      <label>
        New name
        <input name="name" defaultValue={name} required maxLength={80} autofocus autocomplete="off" />
      </label>
      <button type="submit" disabled={disabled}>
        Save
      </button>
    </form>
  );
};
