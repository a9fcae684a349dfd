import { useEffect, useState } from "preact/hooks";
import {
  isFirekeepError,
  offerPasskeys,
  signInWithPasskey,
  signInWithPassword,
  signInWithPasswordProxy,
} from "../../../client/src/index.ts";
import type { Backend } from "../backend.ts";
import { deviceName } from "../device-name.ts";
import { textOf, useAction } from "../parts/form.ts";
import { Problem } from "../parts/panel.tsx";
import { CodeSignIn } from "../parts/code-sign-in.tsx";

/** Signing in and starting the session are one step for the person. A passkey is offered in the e-mail field by itself. */
export const SignInPage = ({ backend, onBusy }: { backend: Backend; onBusy: (busy: boolean) => void }) => {
  const action = useAction();
  const [byCode, setByCode] = useState(false);
  const [offers, setOffers] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    void offerPasskeys(backend, {
      deviceName: deviceName(),
      signal: stop.signal,
      onSignIn: () => undefined,
      onProblem: action.fail,
      onBusy,
    }).catch(() => undefined); // without autofill, the button and the password are still there
    return () => stop.abort();
  }, [offers]);

  const submit = (event: SubmitEvent) => {
    const person = { email: textOf(event, "email"), password: secretOf(event, "password"), deviceName: deviceName() };
    const signIn = backend.config.passwords === "proxy" ? signInWithPasswordProxy : signInWithPassword;
    void action.run(() => during(onBusy, () => signIn(backend, person).catch(inWords)));
  };
  const passkey = () =>
    action
      .run(() => during(onBusy, () => signInWithPasskey(backend, { deviceName: deviceName() }).catch(unlessCancelled)))
      .then(() => setOffers(offers + 1));

  return (
    <main class="centre">
      <div class="card">
        <h1>
          <img src="/icon.svg" alt="" width="32" height="32" />
          Firekeep
        </h1>
        {byCode ? (
          <CodeSignIn backend={backend} onBusy={onBusy} onBack={() => setByCode(false)} />
        ) : (
          <>
            <form onSubmit={submit}>
              <label>
                E-mail
                <input name="email" type="email" autocomplete="username webauthn" required autofocus />
              </label>
              <label>
                Password
                <input name="password" type="password" autocomplete="current-password" required />
              </label>
              <button type="submit" disabled={action.busy}>
                {action.busy ? "Signing in…" : "Sign in"}
              </button>
            </form>
            <p class="or">or</p>
            <button type="button" class="quiet" disabled={action.busy} onClick={() => void passkey()}>
              Use a passkey
            </button>
            <button type="button" class="quiet" disabled={action.busy} onClick={() => setByCode(true)}>
              Send me a code by e-mail
            </button>
          </>
        )}
        <Problem text={action.problem} />
      </div>
    </main>
  );
};

const during = async (onBusy: (busy: boolean) => void, signIn: () => Promise<unknown>): Promise<void> => {
  onBusy(true);
  try {
    await signIn();
  } finally {
    onBusy(false);
  }
};

const REFUSED = "E-mail or password is wrong.";
const SENTENCES: Readonly<Record<string, string>> = {
  "auth/network-request-failed": "The network is not reachable.",
  "auth/too-many-requests": "Too many attempts. Try again later.",
};

const inWords = (error: unknown): never => {
  const { code = "" } = error as { code?: string };
  throw code.startsWith("auth/") ? new Error(SENTENCES[code] ?? REFUSED) : error;
};

const unlessCancelled = (error: unknown): undefined => {
  if (!isFirekeepError(error, "client/passkey-cancelled")) throw error;
};

/** A password as it was typed: spaces belong to it. */
const secretOf = (event: SubmitEvent, name: string): string => {
  const value = new FormData(event.currentTarget as HTMLFormElement).get(name);
  return typeof value === "string" ? value : "";
};
