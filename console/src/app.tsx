import { onAuthStateChanged, type User } from "firebase/auth";
import { useEffect, useState } from "preact/hooks";
import { isFirekeepError, signOutOfSession, type FirekeepError, type Output } from "../../client/src/index.ts";
import type { Backend } from "./backend.ts";
import { lazyPage } from "./lazy-page.tsx";
import { Problem } from "./parts/panel.tsx";
import { Shell } from "./parts/shell.tsx";
import { SecondFactorPage } from "./pages/second-factor.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { StepUpDialog, useStepUp } from "./parts/step-up-dialog.tsx";
import { useRoute } from "./route.ts";
import { sentence } from "./words.ts";

export type Security = Output<"identity-security-read">;

const NowPage = lazyPage(async () => (await import("./pages/now.tsx")).NowPage);
const SecurityPage = lazyPage(async () => (await import("./pages/security.tsx")).SecurityPage);
const RolesPage = lazyPage(async () => (await import("./pages/roles.tsx")).RolesPage);
const VaultPage = lazyPage(async () => (await import("./pages/vault.tsx")).VaultPage);
const NotMePage = lazyPage(async () => (await import("./pages/not-me.tsx")).NotMePage);
const RecoverPage = lazyPage(async () => (await import("./pages/recover.tsx")).RecoverPage);

/** Which page, for whom. The session on the server decides, not what this page believes. */
export const App = ({ backend }: { backend: Backend }) => {
  const [user, setUser] = useState<User | null | undefined>(undefined);
  const [security, setSecurity] = useState<Security>();
  const [problem, setProblem] = useState<string>();
  const [starting, setStarting] = useState(false);
  const route = useRoute();
  const stepUp = useStepUp();

  useEffect(() => onAuthStateChanged(backend.auth, setUser), [backend]);
  const refresh = async () => {
    setProblem(undefined);
    try {
      setSecurity(await backend.firekeep.call("identity-security-read", {}));
    } catch (error) {
      if (isFirekeepError(error) && hasEnded(error)) leave();
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

  if (route.page === "not-me") return <NotMePage backend={backend} token={route.token} about="notice" />;
  if (route.page === "disown") return <NotMePage backend={backend} token={route.token} about="recovery" />;
  if (user === undefined) return <Loading />;
  if (user === null || starting) return <SignInPage backend={backend} onBusy={setStarting} />;
  if (security === undefined)
    return problem === undefined ? (
      <Loading />
    ) : (
      <Failed problem={problem} onRetry={() => void refresh()} onLeave={leave} />
    );
  const props = { backend, security, onChange: refresh, ask: stepUp.ask };
  if (route.page === "recover") {
    return <RecoverPage {...props} token={route.token} onLeave={leave} />;
  }
  const mayOperate = security.roles.some((role) => [...OPERATORS, ...OFFICERS].includes(role));
  if (
    security.session.stepUpRequired ||
    (mayOperate && security.session.assurance < 2 && security.methods.length > 0)
  ) {
    return <SecondFactorPage backend={backend} security={security} onDone={refresh} onLeave={leave} />;
  }
  const pages = PAGES.filter(({ roles }) => roles === undefined || security.roles.some((role) => roles.includes(role)));
  const page = pages.find(({ name }) => name === route.page)?.name ?? pages[0]?.name ?? "security";
  const verified = security.session.assurance >= 2;
  return (
    <Shell email={user.email ?? ""} pages={pages} page={page} onLeave={leave}>
      {page === "now" && <NowPage backend={backend} verified={verified} />}
      {page === "security" && <SecurityPage {...props} uid={user.uid} />}
      {page === "roles" && <RolesPage {...props} uid={user.uid} verified={verified} />}
      {page === "vault" && <VaultPage {...props} uid={user.uid} verified={verified} />}
      <StepUpDialog state={stepUp} firekeep={backend.firekeep} />
    </Shell>
  );
};

// Without its session, or without the key that the session is bound to, this browser can only sign in again.
const hasEnded = ({ code, details }: FirekeepError): boolean =>
  code.startsWith("request/session-") ||
  code === "request/proof-required" ||
  code === "client/device-key-missing" ||
  (code === "request/proof-rejected" && ["key", "secret"].includes(String(details["why"])));

const OPERATORS = ["analyst", "responder", "admin"];
const OFFICERS = ["privacy-officer"]; // vault.open
const PAGES: readonly { name: string; title: string; roles?: readonly string[] }[] = [
  { name: "now", title: "Now", roles: OPERATORS },
  { name: "security", title: "Security" },
  { name: "roles", title: "Roles", roles: ["admin"] }, // admin.users
  { name: "vault", title: "Vault", roles: OFFICERS },
];

const Loading = () => (
  <main class="centre" aria-busy="true">
    Loading…
  </main>
);

const Failed = ({ problem, onRetry, onLeave }: { problem: string; onRetry: () => void; onLeave: () => void }) => (
  <main class="centre">
    <div class="card">
      <Problem text={problem} />
      <button type="button" onClick={onRetry}>
        Try again
      </button>
      <button type="button" class="quiet" onClick={onLeave}>
        Sign out
      </button>
    </div>
  </main>
);
