import type { ComponentChildren } from "preact";

interface ShellProps {
  readonly email: string;
  readonly mayOperate: boolean;
  readonly page: "now" | "security";
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
}

export const Shell = ({ email, mayOperate, page, onLeave, children }: ShellProps) => (
  <>
    <a class="skip" href="#content">
      Skip to content
    </a>
    <header class="top">
      <span class="brand">
        <img src="/icon.svg" alt="" width="24" height="24" />
        Firekeep
      </span>
      <nav aria-label="Pages">
        {mayOperate && (
          <a href="#/now" aria-current={page === "now" ? "page" : undefined}>
            Now
          </a>
        )}
        <a href="#/security" aria-current={page === "security" ? "page" : undefined}>
          Security
        </a>
      </nav>
      <span class="who">{email}</span>
      <button type="button" class="quiet" onClick={onLeave}>
        Sign out
      </button>
    </header>
    <main id="content" tabIndex={-1}>
      {children}
    </main>
  </>
);
