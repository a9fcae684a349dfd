import type { ComponentChildren } from "preact";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly children: ComponentChildren;
}

export const Panel = ({ id, title, note, children }: PanelProps) => (
  <section class="panel" aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {note !== undefined && <p class="note">{note}</p>}
    {children}
  </section>
);

export const Badge = ({ tone, children }: { tone: string; children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
);

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;

export const Problem = ({ text }: { text: string | undefined }) => (
  <p class="problem" role="alert">
    {text}
  </p>
);
