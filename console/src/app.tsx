import { onAuthStateChanged, type User } from "firebase/auth";
import { useEffect, useState } from "preact/hooks";
import { isFirekeepError, signOutOfSession, type Output } from "../../client/src/index.ts";
import type { Backend } from "./backend.ts";
import { Problem } from "./parts/panel.tsx";
import { Shell } from "./parts/shell.tsx";
import { NowPage } from "./pages/now.tsx";
import { SecurityPage } from "./pages/security.tsx";
import { SecondFactorPage } from "./pages/second-factor.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { StepUpDialog, useStepUp } from "./parts/step-up-dialog.tsx";
import { sentence } from "./words.ts";

export type Security = Output<"identity-security-read">;

/** Which page, for whom. The session on the server decides, not what this page believes. */
export const App = ({ backend }: { backend: Backend }) => {
  const [user, setUser] = useState<User | null | undefined>(undefined);
  const [security, setSecurity] = useState<Security>();
  const [problem, setProblem] = useState<string>();
  const [starting, setStarting] = useState(false);
  const [route, setRoute] = useState(location.hash);
  const stepUp = useStepUp();

  useEffect(() => onAuthStateChanged(backend.auth, setUser), [backend]);
  useEffect(() => {
    const follow = () => setRoute(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);

  const refresh = async () => {
    setProblem(undefined);
    try {
      setSecurity(await backend.firekeep.call("identity-security-read", {}));
    } catch (error) {
      const ended = isFirekeepError(error) && error.code.startsWith("request/session-");
      if (ended) leave();
      else setProblem(sentence(error));
    }
  };
  const leave = () => {
    setSecurity(undefined);
    void signOutOfSession(backend).catch(() => undefined);
  };
  useEffect(() => {
    if (user === null) setSecurity(undefined);
    else if (user !== undefined && !starting) void refresh();
  }, [user, starting]);

  if (user === undefined)
    return (
      <main class="centre" aria-busy="true">
        Loading…
      </main>
    );
  if (user === null || starting) return <SignInPage backend={backend} onBusy={setStarting} />;
  if (security === undefined && problem !== undefined) {
    return (
      <main class="centre">
        <div class="card">
          <Problem text={problem} />
          <button type="button" onClick={() => void refresh()}>
            Try again
          </button>
          <button type="button" class="quiet" onClick={leave}>
            Sign out
          </button>
        </div>
      </main>
    );
  }
  if (security === undefined)
    return (
      <main class="centre" aria-busy="true">
        Loading…
      </main>
    );
  const mayOperate = security.roles.some((role) => OPERATORS.includes(role));
  if (
    security.session.stepUpRequired ||
    (mayOperate && security.session.assurance < 2 && security.settings.mfaEnabled)
  ) {
    return <SecondFactorPage backend={backend} reasons={security.session.reasons} onDone={refresh} onLeave={leave} />;
  }
  const showNow = mayOperate && route !== "#/security";
  return (
    <Shell email={user.email ?? ""} mayOperate={mayOperate} page={showNow ? "now" : "security"} onLeave={leave}>
      {showNow ? (
        <NowPage backend={backend} verified={security.session.assurance >= 2} />
      ) : (
        <SecurityPage backend={backend} uid={user.uid} security={security} onChange={refresh} ask={stepUp.ask} />
      )}
      <StepUpDialog state={stepUp} />
    </Shell>
  );
};

const OPERATORS = ["analyst", "responder", "admin"];
