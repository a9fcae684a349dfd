import { stepUpWithPasskey, type Firekeep, type Needed, type StepUp } from "../../../client/src/index.ts";
import { textOf, useAction } from "./form.ts";
import { Problem } from "./panel.tsx";

interface Props {
  readonly firekeep: Firekeep;
  readonly needed: Needed;
  readonly onProof: (proof: StepUp) => Promise<void>;
  readonly onCancel: () => void;
  readonly cancel?: string;
}

/** Offers what the account can show: a passkey, a code from the app, a backup code. */
export const ProofForm = ({ firekeep, needed, onProof, onCancel, cancel = "Cancel" }: Props) => {
  const action = useAction();
  const passkey = () => action.run(async () => onProof(await stepUpWithPasskey(firekeep, needed)));
  const submit = (event: SubmitEvent) => {
    const code = textOf(event, "code");
    void action.run(() => onProof({ method: /^\d{6}$/.test(code) ? "totp" : "backup-code", code }));
  };
  const takesPasskey = needed.methods.includes("passkey");
  const label = codeLabel(needed.methods);
  return (
    <>
      {needed.methods.includes("sign-in") && <p>Sign out and in again: a sign-in just made is what is asked for.</p>}
      {takesPasskey && (
        <button type="button" disabled={action.busy} onClick={() => void passkey()}>
          Use a passkey
        </button>
      )}
      {takesPasskey && label !== undefined && <p class="or">or</p>}
      {label !== undefined && (
        <form onSubmit={submit}>
          <label>
            {label}
            <input name="code" autocomplete="one-time-code" required maxLength={64} autofocus spellcheck={false} />
          </label>
          <button type="submit" class={takesPasskey ? "quiet" : undefined} disabled={action.busy}>
            Confirm
          </button>
        </form>
      )}
      <button type="button" class="quiet" onClick={onCancel}>
        {cancel}
      </button>
      <Problem text={action.problem} />
    </>
  );
};

const codeLabel = (methods: readonly string[]): string | undefined => {
  const [totp, backup] = [methods.includes("totp"), methods.includes("backup-code")];
  if (totp && backup) return "Code from your authenticator app, or a backup code";
  if (totp) return "Code from your authenticator app";
  return backup ? "Backup code" : undefined;
};
