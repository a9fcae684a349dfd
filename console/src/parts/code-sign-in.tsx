import { useState } from "preact/hooks";
import { signInWithMailCode } from "../../../client/src/index.ts";
import type { Backend } from "../backend.ts";
import { deviceName } from "../device-name.ts";
import { textOf, useAction } from "./form.ts";
import { Problem } from "./panel.tsx";

interface Props {
  readonly backend: Backend;
  readonly onBusy: (busy: boolean) => void;
  readonly onBack: () => void;
}

/** Signing in with a mailed code: first the address, then the code. */
export const CodeSignIn = ({ backend, onBusy, onBack }: Props) => {
  const action = useAction();
  const [challenge, setChallenge] = useState<string>();
  const send = (event: SubmitEvent) => {
    const email = textOf(event, "email");
    void action.run(async () =>
      setChallenge((await backend.firekeep.call("identity-mailcode-begin", { email }, { secret: "none" })).challenge),
    );
  };
  const confirm = (event: SubmitEvent) => {
    const given = { challenge: challenge ?? "", code: textOf(event, "code"), deviceName: deviceName() };
    void action.run(async () => {
      onBusy(true);
      try {
        await signInWithMailCode(backend, given);
      } finally {
        onBusy(false);
      }
    });
  };
  return (
    <>
      {challenge === undefined ? (
        <form key="address" onSubmit={send}>
          <label>
            E-mail
            <input name="email" type="email" autocomplete="email" required autofocus />
          </label>
          <button type="submit" disabled={action.busy}>
            Send the code
          </button>
        </form>
      ) : (
        <form key="code" onSubmit={confirm}>
          <p role="status">
            If there is an account with this confirmed address, a code is on its way. It is good for five minutes.
          </p>
          <MailCode />
          <button type="submit" disabled={action.busy}>
            Sign in
          </button>
        </form>
      )}
      <button type="button" class="quiet" onClick={onBack}>
        Back
      </button>
      <Problem text={action.problem} />
    </>
  );
};

/** The field for a mailed code: eight digits. */
export const MailCode = () => (
  <label>
    Code from the mail
    <input
      name="code"
      inputMode="numeric"
      autocomplete="one-time-code"
      pattern="\d{8}"
      maxLength={8}
      required
      autofocus
    />
  </label>
);
