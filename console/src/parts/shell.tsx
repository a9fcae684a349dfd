import type { ComponentChildren } from "preact";

interface ShellProps {
  readonly email: string;
  readonly pages: readonly { readonly name: string; readonly title: string }[];
  /** Name of the one that is shown. */
  readonly page: string;
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
}

export const Shell = ({ email, pages, page, onLeave, children }: ShellProps) => (
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
        {pages.map(({ name, title }) => (
          <a key={name} href={`#/${name}`} aria-current={page === name ? "page" : undefined}>
            {title}
          </a>
        ))}
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
