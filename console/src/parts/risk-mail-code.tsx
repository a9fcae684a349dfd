import { useState } from "preact/hooks";
import type { Firekeep } from "../../../client/src/index.ts";
import { MailCode } from "./code-sign-in.tsx";
import { textOf, useAction } from "./form.ts";
import { Problem } from "./panel.tsx";

/** What an account without a second factor can show when its sign-in looks unusual: that its mail reaches the person. */
export const RiskMailCode = ({ firekeep, onDone }: { firekeep: Firekeep; onDone: () => Promise<void> }) => {
  const action = useAction();
  const [challenge, setChallenge] = useState<string>();
  const send = () =>
    action.run(async () =>
      setChallenge((await firekeep.call("identity-mailcode-send", { purpose: "risk" })).challenge),
    );
  const confirm = (event: SubmitEvent) => {
    const code = textOf(event, "code");
    void action.run(async () => {
      await firekeep.call("identity-mailcode-verify", { challenge: challenge ?? "", code });
      await onDone();
    });
  };
  return (
    <>
      {challenge === undefined ? (
        <button type="button" disabled={action.busy} onClick={() => void send()}>
          Send me a code by e-mail
        </button>
      ) : (
        <form onSubmit={confirm}>
          <MailCode />
          <button type="submit" disabled={action.busy}>
            Confirm
          </button>
        </form>
      )}
      <Problem text={action.problem} />
    </>
  );
};
