import { useState } from "preact/hooks";
import type { Backend } from "../backend.ts";
import { useAction } from "../parts/form.ts";
import { Problem } from "../parts/panel.tsx";

interface Props {
  readonly backend: Backend;
  readonly token: string | undefined;
  /** What the mail told of: something done with the account, or a recovery of it. */
  readonly about: "notice" | "recovery";
}

/**
 * Where the link of a security mail leads: nobody need be signed in. Nothing happens before the button is pressed, since
 * mail programs open links by themselves.
 */
export const NotMePage = ({ backend: { firekeep }, token = "", about }: Props) => {
  const action = useAction();
  const [done, setDone] = useState(false);
  const deny = () =>
    action.run(async () => {
      const hasEnded =
        about === "notice"
          ? (await firekeep.call("identity-notice-deny", { token }, { secret: "none" })).ended
          : (await firekeep.call("identity-recovery-disown", { token }, { secret: "none" })).stopped;
      if (!hasEnded) throw new Error("This link was used before, or is too old.");
      setDone(true);
    });
  return (
    <main class="centre">
      <div class="card">
        <h1>This was not you?</h1>
        {done && <Done />}
        {!done && token === "" && <p>Open the link in the mail once more: this page does not keep it.</p>}
        {!done && token !== "" && (
          <>
            <p>If you did not do what the mail told you of, end it here. It takes effect at once.</p>
            <button type="button" disabled={action.busy} onClick={() => void deny()}>
              End it, this was not me
            </button>
            <a href="#/security">It was me</a>
          </>
        )}
        <Problem text={action.problem} />
      </div>
    </main>
  );
};

const Done = () => (
  <>
    <p role="status">Done: what the mail told you of was ended.</p>
    <p>Now sign in, change your password, and look through your passkeys and second factors.</p>
    <a href="#/security">Sign in</a>
  </>
);
