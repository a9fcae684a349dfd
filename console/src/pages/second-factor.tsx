import type { Backend } from "../backend.ts";
import { textOf, useAction } from "../parts/form.ts";
import { Problem } from "../parts/panel.tsx";
import { codeInput } from "../parts/code-input.tsx";
import { reason } from "../words.ts";

interface Props {
  readonly backend: Backend;
  readonly reasons: readonly string[];
  readonly onDone: () => Promise<void>;
  readonly onLeave: () => void;
}

/** Shown instead of everything else while the session needs its second factor. */
export const SecondFactorPage = ({ backend, reasons, onDone, onLeave }: Props) => {
  const action = useAction();
  const submit = (event: SubmitEvent) => {
    const code = textOf(event, "code");
    void action.run(async () => {
      if (/^\d{6}$/.test(code)) await backend.firekeep.call("identity-totp-verify", { code });
      else await backend.firekeep.call("identity-backup-verify", { code });
      await onDone();
    });
  };
  return (
    <main class="centre">
      <form class="card" onSubmit={submit}>
        <h1>Second factor</h1>
        {reasons.length > 0 && (
          <>
            <p>This sign-in looks unusual:</p>
            <ul>
              {reasons.map((name) => (
                <li key={name}>{reason(name)}</li>
              ))}
            </ul>
          </>
        )}
        {codeInput()}
        <button type="submit" disabled={action.busy}>
          Confirm
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          Sign out
        </button>
        <Problem text={action.problem} />
      </form>
    </main>
  );
};
