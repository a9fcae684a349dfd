import { useEffect, useState } from "preact/hooks";
import { stepUpWithPasskey, type Input, type Output } from "../../../client/src/index.ts";
import type { Security } from "../app.tsx";
import type { Backend } from "../backend.ts";
import { textOf, useAction } from "../parts/form.ts";
import { Problem } from "../parts/panel.tsx";
import { when } from "../words.ts";

interface Props {
  readonly backend: Backend;
  readonly security: Security;
  readonly token: string | undefined;
  readonly onChange: () => Promise<void>;
  readonly onLeave: () => void;
}

type Finish = Input<"identity-recovery-finish">;
type State = Output<"identity-recovery-read">;

/** Getting back in without the second factors: the mailed link, one more proof, and what is lost goes. */
export const RecoverPage = ({ backend, security, token, onChange, onLeave }: Props) => (
  <main class="centre">
    <div class="card">
      <h1>Lost your second factor?</h1>
      {token === undefined ? (
        <Begin backend={backend} />
      ) : (
        <Finishing backend={backend} security={security} token={token} onChange={onChange} />
      )}
      <a href="#/security">Back</a>
      <button type="button" class="quiet" onClick={onLeave}>
        Sign out
      </button>
    </div>
  </main>
);

const Begin = ({ backend: { firekeep } }: { backend: Backend }) => {
  const action = useAction();
  const [state, setState] = useState<State>();
  const [sent, setSent] = useState<Output<"identity-recovery-start">>();
  const read = async () => setState(await firekeep.call("identity-recovery-read", {}));
  useEffect(() => void action.run(read), []);
  const start = () =>
    action.run(async () => {
      setSent(await firekeep.call("identity-recovery-start", {}));
      await read();
    });
  const cancel = () =>
    action.run(async () => {
      await firekeep.call("identity-recovery-cancel", {});
      setSent(undefined);
      await read();
    });
  const isUnderWay = state !== undefined && (state.own !== null || state.reset !== null);
  return (
    <>
      {sent !== undefined && (
        <p role="status">
          A link is on its way to your address, good until {when(sent.expiresAt)}. Open it in this browser.{" "}
          {sent.second.length === 0
            ? "Beside it you have nothing to show that it is you: please ask an administrator."
            : `Have ready: ${sent.second.map((way) => SECONDS[way]).join(", or ")}.`}
        </p>
      )}
      {state?.reset && <p>An administrator’s reset is under way: {state.reset.state}.</p>}
      {sent === undefined && (
        <button type="button" disabled={action.busy} onClick={() => void start()}>
          Mail me a link
        </button>
      )}
      {isUnderWay && (
        <button type="button" class="quiet" disabled={action.busy} onClick={() => void cancel()}>
          Stop the recovery
        </button>
      )}
      <Problem text={action.problem} />
    </>
  );
};

const SECONDS = {
  "address-code": "the code mailed to your recovery address",
  "backup-code": "a backup code",
  passkey: "a passkey that you still have",
} as const;

const Finishing = ({
  backend: { firekeep },
  security,
  token,
  onChange,
}: Pick<Props, "backend" | "security" | "onChange"> & { token: string }) => {
  const action = useAction();
  const { totp, passkeys } = security.factors;
  const submit = (event: SubmitEvent) => {
    const code = textOf(event, "code");
    const chosen = new FormData(event.currentTarget as HTMLFormElement);
    const lost = { totp: chosen.has("totp"), passkeys: chosen.getAll("passkey").map(String) };
    void action.run(async () => {
      const second = code === "" ? await passkeyProof() : codeProof(code);
      await firekeep.call("identity-recovery-finish", { token, second, lost });
      await onChange();
      location.hash = "#/security";
    });
  };
  const passkeyProof = async (): Promise<Finish["second"]> => {
    const proof = await stepUpWithPasskey(firekeep, { scope: "identity.recovery" });
    if (proof.method !== "passkey") throw new Error("a passkey was asked for");
    return { ...proof, response: { ...proof.response } };
  };
  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend>What is lost?</legend>
        {totp !== null && (
          <label class="check">
            <input type="checkbox" name="totp" /> The authenticator app
          </label>
        )}
        {passkeys.map(({ id, name }) => (
          <label class="check" key={id}>
            <input type="checkbox" name="passkey" value={id} /> The passkey “{name}”
          </label>
        ))}
      </fieldset>
      <label>
        The code mailed to your recovery address, or a backup code
        <input name="code" autocomplete="one-time-code" maxLength={64} spellcheck={false} />
        <span class="meta">Leave it empty to use a passkey that you still have.</span>
      </label>
      <p>All other sessions, all backup codes and the trust in devices end with it, and all your addresses are told.</p>
      <button type="submit" disabled={action.busy}>
        Remove what is lost
      </button>
      <Problem text={action.problem} />
    </form>
  );
};

const codeProof = (code: string): Finish["second"] =>
  /^\d{8}$/.test(code) ? { method: "address-code", code } : { method: "backup-code", code };
