import { signInWithPassword } from "../../../client/src/index.ts";
import type { Backend } from "../backend.ts";
import { textOf, useAction } from "../parts/form.ts";
import { Problem } from "../parts/panel.tsx";

/** Signing in and starting the session are one step for the person. */
export const SignInPage = ({ backend, onBusy }: { backend: Backend; onBusy: (busy: boolean) => void }) => {
  const action = useAction();
  const submit = (event: SubmitEvent) => {
    const person = { email: textOf(event, "email"), password: textOf(event, "password"), deviceName: deviceName() };
    void action.run(async () => {
      onBusy(true);
      try {
        await signInWithPassword(backend, person);
      } catch (error) {
        throw firebaseCode(error)?.startsWith("auth/") === true
          ? new Error(SENTENCES[firebaseCode(error) ?? ""] ?? REFUSED)
          : error;
      } finally {
        onBusy(false);
      }
    });
  };
  return (
    <main class="centre">
      <form class="card" onSubmit={submit}>
        <h1>
          <img src="/icon.svg" alt="" width="32" height="32" />
          Firekeep
        </h1>
        <label>
          E-mail
          <input name="email" type="email" autocomplete="username" required autofocus />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <button type="submit" disabled={action.busy}>
          {action.busy ? "Signing in…" : "Sign in"}
        </button>
        <Problem text={action.problem} />
      </form>
    </main>
  );
};

const REFUSED = "E-mail or password is wrong.";
const SENTENCES: Readonly<Record<string, string>> = {
  "auth/network-request-failed": "The network is not reachable.",
  "auth/too-many-requests": "Too many attempts. Try again later.",
};

const firebaseCode = (error: unknown): string | undefined => (error as { code?: string }).code;

const deviceName = (): string => {
  const browser =
    ["Firefox", "Edg", "Chrome", "Safari"].find((name) => navigator.userAgent.includes(`${name}/`)) ?? "Browser";
  return `${browser === "Edg" ? "Edge" : browser}, console`;
};
